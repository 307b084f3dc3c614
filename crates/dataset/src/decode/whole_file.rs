//! Reads files, and only those: a named pipe among pictures would be waited for without end.

use crate::{Error, Result};
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

/// What is at the path, where that is neither nothing nor a file.
pub(crate) fn no_file(path: &Path) -> Option<&'static str> {
    fs::symlink_metadata(path).ok()?;
    match fs::metadata(path) {
        Err(_) => Some("a link that leads to no file"),
        Ok(found) if found.is_file() => None,
        Ok(found) if found.is_dir() => Some("a folder"),
        Ok(found) if is_pipe(&found) => Some("a named pipe"),
        Ok(_) => Some("a device or a socket"),
    }
}

#[cfg(unix)]
fn is_pipe(found: &fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&found.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_: &fs::Metadata) -> bool {
    false
}
