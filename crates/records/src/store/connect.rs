//! Opens the database of a store, also where the file or its folder may not be written.

use super::side_files::{beside, bytes};
use super::sql;
use crate::Result;
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// How long a writer waits for another one.
const BUSY: Duration = Duration::from_secs(5);
/// The longest value that every file may have, in bytes; that of a longer file may have its length. Another process may write
/// long rows into a short file while it is read.
const LONGEST: u64 = 1 << 24;

/// Opens the database at `path` for reading, and for writing where that is allowed.
///
/// A file in write-ahead mode needs side files even to be read. Where they cannot be made, and none of them holds changes,
/// the file cannot change either, and is opened as an immutable one.
pub(super) fn connect(path: &Path) -> Result<Connection> {
    opened(path).and_then(|db| bounded(&db, path).map(|()| db)).map_err(sql::at(path))
}

/// As [`connect`], of a file that was found sound before.
pub(super) fn opened(path: &Path) -> rusqlite::Result<Connection> {
    let opened = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE);
    // Reading the first page makes SQLite look for the side files.
    let version = |db: &Connection| db.pragma_query_value(None, "schema_version", |r| r.get::<_, i64>(0));
    let answered = opened.and_then(|db| version(&db).map(|_| ()).or_else(passed_on).map(|()| db));
    match answered {
        Err(error) if refused(&error) && nothing_waits(path) => {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
            Connection::open_with_flags(unchanging(path), flags)
        }
        other => other,
    }
}

/// Waits for a process that holds the file for itself. What else is wrong with the file is found later.
pub(super) fn wait(db: &Connection, path: &Path) -> Result<()> {
    match db.pragma_query_value(None, "schema_version", |row| row.get::<_, i64>(0)) {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Err(sql::at(path)(error)),
        _ => Ok(()),
    }
}

/// What every connection to a store is told.
pub(super) fn set_up(db: &Connection) -> rusqlite::Result<()> {
    db.busy_timeout(BUSY)?;
    // A commit alone takes more statements than the 16 that are kept otherwise.
    db.set_prepared_statement_cache_capacity(64);
    db.execute_batch("PRAGMA foreign_keys = ON;")
}

/// What one that writes is told too.
pub(super) fn set_up_writer(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")
}

/// Lets values be as long as SQLite can have them, in a store that was found sound and may be written.
pub(super) fn unbounded(db: &Connection) -> rusqlite::Result<()> {
    db.set_limit(Limit::SQLITE_LIMIT_LENGTH, i32::MAX).map(drop)
}

/// No value that was written is longer than the file; one that is comes of an expression in it.
fn bounded(db: &Connection, path: &Path) -> rusqlite::Result<()> {
    let most = i32::try_from(bytes(path).max(LONGEST)).unwrap_or(i32::MAX);
    db.set_limit(Limit::SQLITE_LIMIT_LENGTH, most).map(drop)
}

/// Ignores what is wrong with the content of the file, which is found and reported later.
fn passed_on(error: rusqlite::Error) -> rusqlite::Result<()> {
    if refused(&error) { Err(error) } else { Ok(()) }
}

fn refused(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen))
}

/// Whether no side file holds changes that are not in the file yet.
fn nothing_waits(path: &Path) -> bool {
    ["-wal", "-journal"]
        .iter()
        .all(|ending| std::fs::metadata(beside(path, ending)).map_or(true, |m| m.len() == 0))
}

/// SQLite's URI of a file that nothing changes while it is open.
fn unchanging(path: &Path) -> String {
    let mut address = String::from("file:");
    for &byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' => address.push(byte as char),
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    address + "?immutable=1"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_can_hold_every_path() {
        assert_eq!(
            unchanging(Path::new("/a b/ü?#%.sqlite")),
            "file:/a%20b/%C3%BC%3F%23%25.sqlite?immutable=1"
        );
    }
}
