//! What a killed process leaves beside a store, and stores that may only be read.

mod common;

use common::*;
use scribe_records::*;
use std::path::Path;

fn one() -> [Series; 1] {
    [series("softmax", 0, Mode::single())]
}

/// Leaves at `path` what a killed writer does: a store whose newest results wait in `-wal`.
fn killed(path: &Path, images: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    let alive = dir.path().join("alive");
    let mut store = Store::create(&alive, &manifest()).unwrap();
    for image in images {
        store.commit(&unit(image, &Condition::clean(), &one())).unwrap();
    }
    // Copied while the process has it open: closing would take the side files in.
    let beside = |ending: &str| format!("{}{ending}", path.display());
    for ending in ["", "-wal", "-shm"] {
        std::fs::copy(format!("{}{ending}", alive.display()), beside(ending)).unwrap();
    }
    std::fs::write(beside("-journal"), b"left over").unwrap();
}

fn images(path: &Path) -> Vec<String> {
    let store = Store::open(path).unwrap();
    store.inputs().unwrap().into_iter().map(|input| input.image_id).collect()
}

#[test]
fn a_new_store_is_not_filled_from_a_killed_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(Store::FILE_NAME);
    killed(&path, &["a", "b"]);
    std::fs::remove_file(&path).unwrap();
    let mut store = Store::create(&path, &manifest()).unwrap();
    assert!(store.completed().unwrap().is_empty(), "the results of the removed store do not come back");
    store.commit(&unit("c", &Condition::clean(), &one())).unwrap();
    store.close().unwrap();
    assert_eq!(images(&path), ["c"]);
    assert_eq!(files_beside(&path), ["store.sqlite"]);
}

#[test]
fn a_draft_of_a_killed_process_is_started_anew() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(Store::FILE_NAME);
    killed(&dir.path().join(".store.sqlite.draft"), &["a", "b"]);
    killed(&path.with_extension("merging"), &["a", "b"]);
    killed(&dir.path().join(".store.merging.draft"), &["a", "b"]);
    let part = dir.path().join("part");
    let alone = Manifest {
        images: vec!["c".into()],
        corruptions: Vec::new(),
        models: vec![model("softmax", 0)],
        ..manifest()
    };
    let alone = Manifest { modes: vec![Mode::single()], ..alone };
    let mut store = Store::create(&part, &alone).unwrap();
    store.commit(&unit("c", &Condition::clean(), &one())).unwrap();
    store.close().unwrap();
    Store::merge(&path, &[Store::open(&part).unwrap()]).unwrap().close().unwrap();
    assert_eq!(images(&path), ["c"]);
    let fresh = dir.path().join("fresh");
    std::fs::create_dir(&fresh).unwrap();
    let path = fresh.join(Store::FILE_NAME);
    killed(&fresh.join(".store.sqlite.draft"), &["a"]);
    Store::create(&path, &manifest()).unwrap().close().unwrap();
    assert!(images(&path).is_empty());
    assert_eq!(files_beside(&path), ["store.sqlite"]);
}

#[test]
fn a_replaced_store_keeps_nothing_of_the_killed_one() {
    let dir = tempfile::tempdir().unwrap();
    let (path, new) = (dir.path().join(Store::FILE_NAME), dir.path().join("joined"));
    killed(&path, &["a", "b"]);
    let mut store = Store::create(&new, &manifest()).unwrap();
    store.commit(&unit("c", &Condition::clean(), &one())).unwrap();
    store.close().unwrap();
    Store::replace(&new, &path).unwrap();
    assert_eq!(images(&path), ["c"]);
    assert_eq!(files_beside(&path), ["store.sqlite"]);
}

/// How SQLite keeps changes: bytes 18 and 19 of the file are 1 for a rollback journal and 2 for a write-ahead log.
fn format_bytes(path: &Path) -> [u8; 2] {
    let bytes = std::fs::read(path).unwrap();
    [bytes[18], bytes[19]]
}

#[test]
fn a_reader_leaves_the_file_as_it_is() {
    let (_dir, path, mut store) = fresh();
    store.commit(&unit("a", &Condition::clean(), &one())).unwrap();
    store.close().unwrap();
    let before = std::fs::read(&path).unwrap();
    assert_eq!(format_bytes(&path), [1, 1]);
    // Dropped without `close`, as a reader that stops at an error is.
    drop(Store::open(&path).unwrap());
    assert!(std::fs::read(&path).unwrap() == before);
}

#[test]
fn a_refused_call_leaves_the_file_as_it_is() {
    let (_dir, path, store) = fresh();
    store.close().unwrap();
    let before = std::fs::read(&path).unwrap();
    let settings = Manifest { master_seed: 8, ..manifest() };
    let mut named = model("new", 0);
    named.label = manifest().models[0].label.clone();
    let label = Manifest { models: vec![named], ..manifest() };
    for refused in [settings, label] {
        assert!(Store::open_or_resume(&path, &refused).is_err());
        assert!(Store::resume(&path, &refused, &DataIdentity::default()).is_err());
        assert!(std::fs::read(&path).unwrap() == before, "still one plain file");
    }
}

#[cfg(unix)]
#[test]
fn a_store_is_made_with_what_the_umask_leaves() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, path, store) = fresh();
    store.close().unwrap();
    let plain = dir.path().join("plain");
    std::fs::write(&plain, b"").unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&path), mode(&plain));
}

#[cfg(unix)]
#[test]
fn a_link_to_a_store_that_is_not_there_stays_and_its_target_is_made() {
    let (dir, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (path, target) = (dir.path().join(Store::FILE_NAME), elsewhere.path().join("kept.sqlite"));
    std::os::unix::fs::symlink(&target, &path).unwrap();
    let mut store = Store::open_or_resume(&path, &manifest()).unwrap();
    store.commit(&unit("a", &Condition::clean(), &one())).unwrap();
    store.close().unwrap();
    assert!(path.is_symlink() && !target.is_symlink());
    assert_eq!([images(&path), images(&target)], [["a"], ["a"]]);
    assert_eq!(
        (files_beside(&path), files_beside(&target)),
        (vec!["store.sqlite".into()], vec!["kept.sqlite".into()])
    );
    Store::open_or_resume(&path, &manifest()).unwrap().close().unwrap();
    assert!(path.is_symlink());
}
