//! How many bytes a store has.

use scribe_records::Store;
use std::path::PathBuf;

/// The bytes of a store's file, and of the log beside it in which SQLite keeps what was written last.
pub(super) fn bytes(store: &Store) -> u64 {
    let mut log = store.path().as_os_str().to_owned();
    log.push("-wal");
    let length = |path: PathBuf| std::fs::metadata(path).map_or(0, |found| found.len());
    length(store.path().to_owned()).saturating_add(length(log.into()))
}
