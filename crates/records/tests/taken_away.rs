//! Files that are taken away while a store is open: what is committed is found by others, or the commit says that it is not.
#![cfg(unix)]

mod common;

use common::*;
use scribe_records::*;
use std::fs;
use std::path::{Path, PathBuf};

fn of() -> [Series; 1] {
    [series("softmax", 0, Mode::single())]
}

/// How many results somebody finds who copies the store with its side files: in this process, a second connection to the file
/// itself would see what the first one has open.
fn found_by_others(path: &Path) -> usize {
    let dir = tempfile::tempdir().unwrap();
    for name in files_beside(path).iter().filter(|name| !name.ends_with("-shm")) {
        fs::copy(path.with_file_name(name), dir.path().join(name)).unwrap();
    }
    Store::open(&dir.path().join(path.file_name().unwrap())).unwrap().completed().unwrap().len()
}

/// What a second SQLite library in the process does when it closes the file: the log goes into the database and is removed.
fn closed_by_another_library(path: &Path) {
    for ending in ["-wal", "-shm"] {
        fs::remove_file(PathBuf::from(format!("{}{ending}", path.display()))).unwrap();
    }
}

#[test]
fn a_store_whose_log_was_removed_loses_nothing() {
    let (_dir, path, mut store) = fresh();
    store.commit(&unit("a", &Condition::clean(), &of())).unwrap();
    let mut expected = 1;
    for image in ["b", "c"] {
        closed_by_another_library(&path);
        for condition in [Condition::new("fog", 1).unwrap(), Condition::new("fog", 2).unwrap()] {
            store.commit(&unit(image, &condition, &of())).unwrap();
            expected += 1;
            assert_eq!(found_by_others(&path), expected);
        }
        assert_eq!(store.completed().unwrap().len(), expected);
        assert_eq!(files_beside(&path), ["store.sqlite", "store.sqlite-shm", "store.sqlite-wal"]);
    }
    store.close().unwrap();
    assert_eq!(files_beside(&path), ["store.sqlite"]);
    assert_eq!(Store::open(&path).unwrap().completed().unwrap().len(), expected);
}

#[test]
fn a_store_that_is_not_there_any_more_says_so() {
    let (dir, path, mut store) = fresh();
    store.commit(&unit("a", &Condition::clean(), &of())).unwrap();
    let elsewhere = dir.path().join("moved");
    fs::rename(&path, &elsewhere).unwrap();
    let error = store.commit(&unit("b", &Condition::clean(), &of())).unwrap_err();
    assert!(matches!(&error, Error::TakenAway { path: named } if *named == path), "{error}");
    // Another store of that name is not the one that is open.
    Store::create(&path, &manifest()).unwrap().close().unwrap();
    let error = store.commit(&unit("c", &Condition::clean(), &of())).unwrap_err().to_string();
    assert!(error.contains("removed or replaced while it was open"), "{error}");
}

/// SQLite itself notices it then, with an error of its own.
#[test]
fn a_store_that_is_not_there_when_it_is_closed_says_so() {
    let (dir, path, mut store) = fresh();
    store.commit(&unit("a", &Condition::clean(), &of())).unwrap();
    fs::rename(&path, dir.path().join("moved")).unwrap();
    let error = store.close().unwrap_err();
    assert!(matches!(&error, Error::TakenAway { path: named } if *named == path), "{error}");
}
