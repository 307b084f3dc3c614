//! The hashes of label maps that come as maps: kept with an image's first result, the same for all conditions and models.

mod common;

use common::*;
use scribe_records::*;

fn fog(severity: u8) -> Condition {
    Condition::new("fog", severity).unwrap()
}

fn scored(image: &str, condition: &Condition, model: &str, sha256: &str) -> Unit {
    let of = [series(model, 0, Mode::single())];
    Unit { label_sha256: Some(sha256.to_owned()), ..unit(image, condition, &of) }
}

fn kept(store: &Store) -> Vec<(String, String)> {
    store.label_maps().unwrap().into_iter().collect()
}

fn pair(image: &str, sha256: &str) -> (String, String) {
    (image.to_owned(), sha256.to_owned())
}

#[test]
fn every_condition_model_and_session_is_scored_against_the_same_label_map() {
    let (_dir, path, mut store) = fresh();
    store.commit(&scored("a", &Condition::clean(), "softmax", "aa")).unwrap();
    store.commit(&scored("b", &fog(1), "softmax", "bb")).unwrap();
    store.close().unwrap();
    for (condition, model) in
        [(fog(1), "softmax"), (Condition::clean(), "ibe"), (fog(2), "ibe"), (fog(2), "softmax")]
    {
        let mut store = Store::open_or_resume(&path, &manifest()).unwrap();
        let before = (store.completed().unwrap(), kept(&store));
        let error = store.commit(&scored("a", &condition, model, "cc")).unwrap_err().to_string();
        let says = "its label map has SHA-256 cc, earlier results were scored against aa";
        assert_eq!(error, format!("unit for a {condition}: {says}"));
        assert_eq!((store.completed().unwrap(), kept(&store)), before, "nothing of it is written");
        store.commit(&scored("a", &condition, model, "aa")).unwrap();
        assert_eq!(kept(&store), [pair("a", "aa"), pair("b", "bb")]);
        assert_eq!(store.data().unwrap(), None, "the hashes are not those of files");
        store.close().unwrap();
    }
    assert_eq!(Store::examine(&path).unwrap().problems, [""; 0]);
}

/// An earlier version wrote no hash: nobody knows what its results were scored against.
#[test]
fn an_image_whose_results_have_no_hash_gets_none() {
    let (_dir, path, mut store) = fresh();
    let of = [series("softmax", 0, Mode::single())];
    store.commit(&unit("a", &Condition::clean(), &of)).unwrap();
    store.commit(&scored("a", &fog(1), "softmax", "aa")).unwrap();
    store.commit(&scored("b", &fog(1), "softmax", "bb")).unwrap();
    assert_eq!(kept(&store), [pair("b", "bb")]);
    store.close().unwrap();
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch("DROP TABLE pictures; PRAGMA user_version = 2")
        .unwrap();
    let store = Store::open(&path).unwrap();
    assert_eq!(kept(&store), [], "the earliest version has no table for them");
    store.check_unit(&scored("b", &fog(2), "softmax", "cc")).unwrap();
}

#[test]
fn an_image_that_no_corruption_made_does_not_stand_in_the_way() {
    let (_dir, _, mut store) = fresh();
    let real = Condition::new("real_fog", 1).unwrap();
    let of = [series("softmax", 0, Mode::single())];
    let given = Unit { moved_label_sha256: Some("rr".to_owned()), ..unit("a", &real, &of) };
    store.commit(&given).unwrap();
    store.commit(&scored("a", &Condition::clean(), "softmax", "aa")).unwrap();
    assert_eq!(kept(&store), [pair("a", "aa")]);
    let second = unit("a", &real, &[series("ibe", 0, Mode::single())]);
    let second = Unit { moved_label_sha256: Some("aa".to_owned()), ..second };
    let error = store.check_unit(&second).unwrap_err().to_string();
    assert!(error.contains("SHA-256 aa, earlier results were scored against rr"), "{error}");
}

/// What `scribe eval` keeps of files stays as it is.
#[test]
fn hashes_of_files_are_not_compared_with_those_of_maps() {
    let dir = tempfile::tempdir().unwrap();
    let file = PictureIdentity { id: "a".into(), picture_sha256: "p".into(), label_sha256: "l".into() };
    let data = DataIdentity { list: String::new(), pictures: vec![file] };
    let (mut store, _) = Store::resume(&dir.path().join(Store::FILE_NAME), &manifest(), &data).unwrap();
    store.commit(&scored("a", &fog(1), "softmax", "aa")).unwrap();
    assert_eq!(kept(&store), []);
    assert_eq!(store.data().unwrap(), Some(data));
}

#[test]
fn a_merge_keeps_them() {
    let dir = tempfile::tempdir().unwrap();
    let manifest = Manifest {
        images: vec!["a".to_owned(), "b".to_owned()],
        corruptions: Vec::new(),
        moment_blocks: 64,
        ..manifest()
    };
    let parts = ["a", "b"].map(|image| {
        let mut store = Store::create(&dir.path().join(image), &manifest).unwrap();
        store.commit(&scored(image, &Condition::clean(), "softmax", image)).unwrap();
        store
    });
    let whole = Store::merge(&dir.path().join("whole"), &parts).unwrap();
    assert_eq!(kept(&whole), [pair("a", "a"), pair("b", "b")]);
}
