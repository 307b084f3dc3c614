//! What a user can do about an error of the system.

use std::io::{self, ErrorKind};

/// What to do, as the end of a sentence; nothing where the error says it all.
pub(crate) fn advice(source: &io::Error) -> &'static str {
    match source.kind() {
        ErrorKind::PermissionDenied => " (expected a place in which you may write: name another with --out)",
        ErrorKind::ReadOnlyFilesystem => " (expected a file system to write on: name another with --out)",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            " (expected room on the disk: once there is some, the same command continues)"
        }
        _ => "",
    }
}
