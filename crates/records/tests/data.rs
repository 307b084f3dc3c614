//! A store knows which pictures and labels its results were made from, and takes no others.

mod common;

use common::*;
use scribe_records::*;

fn data(pictures: &[(&str, &str)]) -> DataIdentity {
    let one = |&(id, sha): &(&str, &str)| PictureIdentity {
        id: id.to_owned(),
        picture_sha256: sha.to_owned(),
        label_sha256: format!("label of {id}"),
    };
    DataIdentity { list: "val".to_owned(), pictures: pictures.iter().map(one).collect() }
}

const THREE: [(&str, &str); 3] = [("b", "1"), ("a", "2"), ("c", "3")];

fn one() -> [Series; 1] {
    [series("softmax", 0, Mode::single())]
}

#[test]
fn other_pictures_are_refused_by_id_and_the_store_stays_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(Store::FILE_NAME);
    let (mut store, known) = Store::resume(&path, &manifest(), &data(&THREE)).unwrap();
    assert!(known);
    store.commit(&unit("a", &Condition::clean(), &one())).unwrap();
    store.close().unwrap();
    let before = dump(&path);

    let (store, known) = Store::resume(&path, &manifest(), &data(&THREE)).unwrap();
    assert!(known);
    assert_eq!(store.data().unwrap().unwrap().pictures, data(&THREE).pictures);
    assert_eq!(store.manifest().data_sha256, data(&THREE).digest());
    store.close().unwrap();

    // More models are asked for at the same time: nothing of that is taken either.
    let more = Manifest { models: vec![model("softmax", 0), model("ibe", 0), model("new", 0)], ..manifest() };
    let cases = [
        (data(&[("b", "1"), ("a", "9"), ("c", "3")]), "pictures with another content: a"),
        (data(&[("b", "1"), ("a", "2"), ("c", "3"), ("d", "4")]), "pictures added: d"),
        (data(&THREE[..2]), "pictures gone: c"),
    ];
    for (other, says) in cases {
        let error = Store::resume(&path, &more, &other).unwrap_err();
        assert!(matches!(error, Error::Data { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains(says) && text.contains("list val") && text.contains("--name"), "{text}");
        assert_eq!(dump(&path), before);
    }
}

#[test]
fn a_file_without_results_may_be_mended_and_an_empty_store_takes_all() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(Store::FILE_NAME);
    let resume = |data: &DataIdentity| Store::resume(&path, &manifest(), data);
    resume(&data(&[("x", "1")])).unwrap().0.close().unwrap();
    let (mut store, known) = resume(&data(&THREE)).unwrap();
    assert!(known && store.manifest().images == ["b", "a", "c"], "{:?}", store.manifest().images);
    store.commit(&unit("b", &Condition::clean(), &one())).unwrap();
    store.close().unwrap();
    let mended = data(&[("b", "1"), ("a", "2"), ("c", "mended")]);
    let (store, _) = resume(&mended).unwrap();
    assert_eq!(store.data().unwrap().unwrap().pictures, mended.pictures);
    assert_eq!(store.manifest().data_sha256, mended.digest());
    store.close().unwrap();
    for other in
        [data(&[("b", "9"), ("a", "2"), ("c", "mended")]), data(&[("a", "2"), ("b", "1"), ("c", "mended")])]
    {
        assert!(matches!(resume(&other), Err(Error::Data { .. })));
    }
}

#[test]
fn a_store_of_an_earlier_version_is_gone_on_with_and_takes_the_pictures() {
    let (_dir, path, mut store) = fresh();
    store.commit(&unit("a", &Condition::clean(), &one())).unwrap();
    store.close().unwrap();
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch("DROP TABLE pictures; PRAGMA user_version = 2").unwrap();
    db.close().unwrap();
    let reader = Store::open(&path).unwrap();
    assert_eq!((reader.data().unwrap(), reader.inputs().unwrap().len()), (None, 1));
    reader.close().unwrap();

    let (store, known) = Store::resume(&path, &manifest(), &data(&THREE)).unwrap();
    assert!(!known, "the caller is told that the earlier results cannot be checked");
    store.close().unwrap();
    let (store, known) = Store::resume(&path, &manifest(), &data(&THREE)).unwrap();
    assert!(known);
    store.close().unwrap();
    assert!(matches!(Store::resume(&path, &manifest(), &data(&THREE[..1])), Err(Error::Data { .. })));
}

#[test]
fn parts_of_different_pictures_are_not_merged() {
    let dir = tempfile::tempdir().unwrap();
    let part = |name: &str, image: &str, of: &DataIdentity| {
        let path = dir.path().join(name);
        let one_condition = Manifest {
            images: ["b", "a"].map(str::to_owned).to_vec(),
            corruptions: Vec::new(),
            models: vec![model("softmax", 0)],
            modes: vec![Mode::single()],
            moment_blocks: 64,
            ..manifest()
        };
        let (mut store, _) = Store::resume(&path, &one_condition, of).unwrap();
        store.commit(&unit(image, &Condition::clean(), &one())).unwrap();
        store.close().unwrap();
        Store::open(&path).unwrap()
    };
    assert_ne!(moment_block("a", 64), moment_block("b", 64), "so that each part has whole blocks");
    let (both, other) = (data(&THREE[..2]), data(&[("b", "1"), ("a", "9")]));
    let parts = [part("1.sqlite", "a", &both), part("2.sqlite", "b", &both)];
    let whole = Store::merge(&dir.path().join("whole"), &parts).unwrap();
    assert_eq!(whole.data().unwrap().unwrap().pictures, both.pictures);
    let mixed = [part("3.sqlite", "b", &other), parts.into_iter().next().unwrap()];
    let text = Store::merge(&dir.path().join("mixed"), &mixed).unwrap_err().to_string();
    assert!(
        text.contains("1.sqlite") && text.contains("3.sqlite") && text.contains("another content: a"),
        "{text}"
    );
}
