//! Reads files, and only those: a named pipe among pictures would be waited for without end.

use crate::{Error, Result};
use scribe_base::file_kind::no_file;
use std::fs;
use std::path::Path;

/// The bytes of a regular file, or of the one that a link leads to.
///
/// # Errors
/// [`Error::NotAFile`] when there is something else at the path, [`Error::Read`] when the file cannot be read.
pub(crate) fn read_whole(path: &Path) -> Result<Vec<u8>> {
    check_file(path)?;
    fs::read(path).map_err(|e| Error::read(path, e))
}

/// Refuses what is there and is no file; what is not there passes.
///
/// # Errors
/// [`Error::NotAFile`].
pub(crate) fn check_file(path: &Path) -> Result<()> {
    match no_file(path) {
        Some(what) => Err(Error::NotAFile { path: path.to_owned(), what }),
        None => Ok(()),
    }
}
