//! What is at a path: a named pipe among files would be waited for without end, and a device may have none.

use std::fs;
use std::path::Path;

/// What is at the path, where that is neither nothing nor a file nor a link to one: `a folder`, `a named pipe`.
pub fn no_file(path: &Path) -> Option<&'static str> {
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
