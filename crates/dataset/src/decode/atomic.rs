//! Whole files or none.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Error, Result};

/// Writes `bytes` to a temporary file beside `path`, then renames it over `path`.
///
/// A reader sees the old file or the new one, never half of it.  The parent folder must exist.
/// A process that is killed in between leaves the temporary file, which [`is_partial`] tells by its name.
///
/// # Errors
/// [`Error::Write`] when either step fails.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    let partial = partial_name(path);
    let written = fs::write(&partial, bytes).and_then(|()| fs::rename(&partial, path));
    written.map_err(|source| {
        // The write has failed already; a leftover that cannot be removed either changes nothing.
        let _ = fs::remove_file(&partial);
        Error::write(path, source)
    })
}

/// Whether a file's name is that of a temporary file of [`write_atomically`].
pub fn is_partial(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(".partial")
}

/// A name beside `path` that no other thread or process uses.
fn partial_name(path: &Path) -> PathBuf {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}-{count}.partial", std::process::id()));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_and_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bin");
        write_atomically(&path, b"one").unwrap();
        write_atomically(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn knows_its_own_leftovers() {
        let name = partial_name(Path::new("a/b.png")).file_name().unwrap().to_string_lossy().into_owned();
        assert!(is_partial(&name), "{name}");
        assert!(!is_partial("b.png") && !is_partial("b.partial"));
    }

    #[test]
    fn names_the_file_that_cannot_be_written() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("missing/a.bin");
        let error = write_atomically(&path, b"one").unwrap_err();
        assert!(error.to_string().contains("missing/a.bin: cannot be written"), "{error}");
    }
}
