//! Whole files or none.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Error, Result};

/// Writes `bytes` to a temporary file beside `path`, then renames it over `path`.
///
/// A reader sees the old file or the new one, never half of it.  The parent folder must exist.
/// The file has the mode that the umask leaves.  Where `path` is a symbolic link, the file that it points to is
/// replaced and the link stays, as with a shell's redirection.
/// A process that is killed in between leaves the temporary file, which [`is_partial`] tells by its name.
///
/// # Errors
/// [`Error::Write`] when either step fails.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<()> {
    write(path, bytes, false)
}

/// As [`write_atomically`], and waits until the bytes are on the disk before the file gets its name: a name that exists
/// after a loss of power is whole.
///
/// # Errors
/// As [`write_atomically`].
pub fn write_durably(path: &Path, bytes: &[u8]) -> Result<()> {
    write(path, bytes, true)
}

fn write(path: &Path, bytes: &[u8], durably: bool) -> Result<()> {
    let target = link_target(path);
    let partial = partial_name(&target);
    let written = fill(&partial, bytes, durably).and_then(|()| fs::rename(&partial, &target));
    written.map_err(|source| {
        // The write has failed already; a leftover that cannot be removed either changes nothing.
        let _ = fs::remove_file(&partial);
        Error::write(path, source)
    })
}

/// Fills a new file; one of that name, link or not, is never written through.
fn fill(path: &Path, bytes: &[u8], durably: bool) -> std::io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(bytes)?;
    if durably { file.sync_all() } else { Ok(()) }
}

/// The file that a write to `path` replaces: where `path` is a symbolic link, what it points to in the end, whether that
/// exists or not; otherwise `path`.
pub fn link_target(path: &Path) -> PathBuf {
    // As many as Linux follows. More are a circle, of which the last link is taken for the file.
    const MOST: usize = 40;
    let mut target = path.to_owned();
    for _ in 0..MOST {
        let Ok(next) = fs::read_link(&target) else { break };
        target = target.parent().unwrap_or(Path::new("")).join(next);
    }
    target
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

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_its_target_is_written() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let dir = tempfile::tempdir().unwrap();
        let [target, link, second, missing] =
            ["target", "link", "second", "missing"].map(|name| dir.path().join(name));
        fs::write(&target, b"old").unwrap();
        symlink("target", &link).unwrap();
        symlink(&link, &second).unwrap();
        write_atomically(&second, b"new").unwrap();
        assert!(link.is_symlink() && second.is_symlink() && !target.is_symlink());
        assert_eq!(fs::read(&target).unwrap(), b"new");
        fs::remove_file(&target).unwrap();
        write_durably(&link, b"made").unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"made");
        fs::write(&missing, b"").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&target), mode(&missing), "what the umask leaves");
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
