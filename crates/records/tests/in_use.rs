//! A store that another process holds open: the error names the file, and says what to do.

mod common;

use common::*;
use scribe_records::*;

const SAYS: &str = "has it open for reading or writing (try again when that has ended or closed it)";

#[test]
fn a_closed_store_that_is_read_elsewhere_is_not_resumed() {
    let (_dir, path, mut store) = fresh();
    store.commit(&unit("a", &Condition::clean(), &[series("softmax", 0, Mode::single())])).unwrap();
    store.close().unwrap();
    let reader = rusqlite::Connection::open(&path).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM inputs;").unwrap();
    let error = Store::open_or_resume(&path, &manifest()).unwrap_err();
    assert!(matches!(&error, Error::InUse { path: named } if *named == path), "{error}");
    assert!(error.to_string().ends_with(SAYS) && std::error::Error::source(&error).is_none(), "{error}");
    Store::open(&path).unwrap().completed().unwrap();
    reader.execute_batch("COMMIT").unwrap();
    Store::open_or_resume(&path, &manifest()).unwrap();
}

#[test]
fn one_that_is_held_for_writing_is_not_called_damaged() {
    let (_dir, path, store) = fresh();
    store.close().unwrap();
    let writer = rusqlite::Connection::open(&path).unwrap();
    writer.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let error = Store::open(&path).unwrap_err();
    assert!(matches!(&error, Error::InUse { .. }), "{error}");
    writer.execute_batch("COMMIT").unwrap();
    Store::open(&path).unwrap();
}
