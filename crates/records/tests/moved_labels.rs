//! The hashes of label maps that moved: kept with their input, the same for all models, and copied by a merge.

mod common;

use common::*;
use scribe_records::*;

fn fog() -> Condition {
    Condition::new("fog", 2).unwrap()
}

fn moved(image: &str, model: &str, sha256: &str) -> Unit {
    let of = [series(model, 0, Mode::single())];
    Unit { moved_label_sha256: Some(sha256.to_owned()), ..unit(image, &fog(), &of) }
}

#[test]
fn every_model_is_scored_against_the_same_moved_label() {
    let (_dir, path, mut store) = fresh();
    store.commit(&unit("a", &Condition::clean(), &[series("softmax", 0, Mode::single())])).unwrap();
    store.commit(&moved("a", "softmax", "aa")).unwrap();
    let before = store.completed().unwrap();
    let error = store.commit(&moved("a", "ibe", "bb")).unwrap_err().to_string();
    let says = "unit for a fog:2: its label map has SHA-256 bb, earlier results were scored against aa";
    assert_eq!(error, says);
    assert_eq!(store.completed().unwrap(), before, "nothing of it is written");
    store.commit(&moved("a", "ibe", "aa")).unwrap();
    store.close().unwrap();
    let found = Store::open(&path).unwrap().moved_labels().unwrap();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [(("a".to_owned(), fog()), "aa".to_owned())]);
}

#[test]
fn another_draw_moves_the_label_another_way() {
    let dir = tempfile::tempdir().unwrap();
    let manifest = manifest().further_seeds(vec![8], Vec::new());
    let mut store = Store::create(&dir.path().join("store.sqlite"), &manifest).unwrap();
    store.commit_under(7, &moved("a", "softmax", "aa")).unwrap();
    // Of a further draw only the confusions are kept.
    let Unit { input, confusions, moved_label_sha256, .. } = moved("a", "softmax", "bb");
    store.commit_under(8, &Unit { confusions, moved_label_sha256, ..Unit::new(input) }).unwrap();
    let found: Vec<String> = store.moved_labels().unwrap().into_values().collect();
    assert_eq!(found, ["aa"], "the first draw's is kept");
}

#[test]
fn a_store_that_was_made_before_labels_moved_takes_them() {
    let (_dir, path, mut store) = fresh();
    store.commit(&unit("a", &Condition::clean(), &[series("softmax", 0, Mode::single())])).unwrap();
    store.close().unwrap();
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch("DROP TABLE moved_labels; PRAGMA user_version = 4")
        .unwrap();
    let mut store = Store::open_or_resume(&path, &manifest()).unwrap();
    assert_eq!(store.moved_labels().unwrap().len(), 0);
    store.commit(&moved("a", "softmax", "aa")).unwrap();
    assert_eq!(store.moved_labels().unwrap().len(), 1);
}

#[test]
fn a_merge_keeps_them() {
    let dir = tempfile::tempdir().unwrap();
    let manifest = Manifest {
        images: vec!["a".to_owned(), "b".to_owned()],
        corruptions: manifest().corruptions.into_iter().filter(|c| c.name == "fog").collect(),
        severities: vec![2],
        moment_blocks: 64,
        ..manifest()
    };
    let of = [series("softmax", 0, Mode::single())];
    let parts = ["a", "b"].map(|image| {
        let mut store = Store::create(&dir.path().join(image), &manifest).unwrap();
        store.commit(&unit(image, &Condition::clean(), &of)).unwrap();
        store.commit(&moved(image, "softmax", image)).unwrap();
        store
    });
    let whole = Store::merge(&dir.path().join("whole"), &parts).unwrap();
    let expected = ["a", "b"].map(|image| ((image.to_owned(), fog()), image.to_owned()));
    assert_eq!(whole.moved_labels().unwrap().into_iter().collect::<Vec<_>>(), expected);
}
