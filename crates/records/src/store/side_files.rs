//! The files that SQLite keeps next to a database while it is written.
//!
//! A killed process leaves them behind. SQLite applies them to whatever file has the database's name when it is opened
//! next, so they must be removed before another file takes the name.

use crate::{Error, Result};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What SQLite appends to a database's name: the write-ahead log, its index, and the rollback journal.
const ENDINGS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A side file's path.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}

/// The bytes of a database and of its write-ahead log, in which SQLite keeps what was written last; 0 of what is not there.
pub(super) fn bytes(path: &Path) -> u64 {
    let length = |file: &Path| file.metadata().map_or(0, |found| found.len());
    length(path).saturating_add(length(&beside(path, "-wal")))
}

/// Removes the side files of `path`, whose database must be open nowhere.
pub(super) fn remove_side_files(path: &Path) -> Result<()> {
    ENDINGS.iter().try_for_each(|ending| remove(&beside(path, ending)))
}

/// Removes a database and its side files, as far as they are there.
pub(super) fn remove_database(path: &Path) -> Result<()> {
    // The database is removed first: without its side files it might still be read, and would then lack changes.
    remove(path)?;
    remove_side_files(path)
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::Io { path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}
