//! Temporary files that become whole ones: made so that their process is known to live, and removed when it does not.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use tempfile::NamedTempFile;

const SUFFIX: &str = ".partial";
/// The characters by which the library tells the temporary files of one name apart.
const RANDOM: usize = 6;

/// Whether a file's name is that of a temporary file of [`crate::atomic_file`], which a killed process may leave behind.
pub fn is_partial(name: &str) -> bool {
    name.starts_with('.') && name.ends_with(SUFFIX)
}

/// Removes from `folder` the temporary files of killed processes that were to become a file whose name is `ours`. Those of
/// living processes stay, and so does what cannot be removed.
///
/// A living process holds a lock on its temporary file. Where the file system has no locks, nothing is removed.
pub fn sweep(folder: &Path, ours: impl Fn(&str) -> bool) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if !target_of(&entry.file_name().to_string_lossy()).is_some_and(&ours) {
            continue;
        }
        let path = entry.path();
        let Ok(file) = File::open(&path) else { continue };
        if file.try_lock().is_ok() {
            // Removed while it is locked: a process that has just made it notices, and makes another.
            let _ = std::fs::remove_file(&path);
        }
    }
}

/// The name that a temporary file of [`temporary`] is to get.
fn target_of(name: &str) -> Option<&str> {
    let (target, random) = name.strip_prefix('.')?.strip_suffix(SUFFIX)?.rsplit_once('.')?;
    (random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(target)
}

/// Makes a temporary file beside `target`, locked as long as this process has it open.
pub(crate) fn temporary(folder: &Path, target: &Path) -> io::Result<NamedTempFile> {
    let mut prefix = OsString::from(".");
    prefix.push(target.file_name().ok_or_else(|| io::Error::other("the path names no file"))?);
    prefix.push(".");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(SUFFIX).rand_bytes(RANDOM);
    // The library's default is readable by the owner alone; of this mode the umask takes its part.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    loop {
        let made = builder.tempfile_in(folder)?;
        let swept = matches!(made.as_file().try_lock(), Err(TryLockError::WouldBlock));
        if !swept && has_name(made.as_file())? {
            return Ok(made);
        }
    }
}

/// Whether the file was not removed between its making and its locking.
#[cfg(unix)]
fn has_name(file: &File) -> io::Result<bool> {
    Ok(std::os::unix::fs::MetadataExt::nlink(&file.metadata()?) > 0)
}

#[cfg(not(unix))]
fn has_name(_: &File) -> io::Result<bool> {
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_dead_process_left_is_removed() {
        let dir = tempfile::tempdir().unwrap();
        let names =
            [".a.csv.AbC123.partial", ".b.csv.AbC123.partial", ".a.csv.7.partial", "a.csv", ".movie.partial"];
        names.iter().for_each(|name| std::fs::write(dir.path().join(name), "x").unwrap());
        let alive = temporary(dir.path(), &dir.path().join("a.csv")).unwrap();
        let own = alive.path().file_name().unwrap().to_string_lossy().into_owned();
        assert!(is_partial(&own) && target_of(&own) == Some("a.csv"), "{own}");
        sweep(dir.path(), |name| name == "a.csv");
        let gone: Vec<bool> = names.iter().map(|name| !dir.path().join(name).exists()).collect();
        assert_eq!(gone, [true, false, false, false, false]);
        assert!(alive.path().exists(), "its process lives");
    }
}
