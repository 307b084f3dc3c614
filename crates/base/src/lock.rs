//! A lock that lets only one process at a time write in a folder.
//!
//! The system releases it when the process ends, however it ends.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The name of the lock file in the folder that it protects. The file stays when the lock is released.
pub const LOCK: &str = ".lock";

/// A folder cannot be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error(
        "{}: in use by {holder}, or by a process that it has forked (one process at a time writes there: wait until it ends, or choose another folder or --name)",
        path.display()
    )]
    InUse {
        /// What is in use.
        path: PathBuf,
        /// What the other process wrote into its lock file: `process N since ...`.
        holder: String,
    },
    /// The lock file cannot be made or locked.
    #[error("{}: cannot be made or locked ({})", path.display(), advice(source))]
    File {
        /// The lock file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// What to do where the lock file cannot be made or locked.
fn advice(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "make room on the disk; the same command then goes on"
        }
        _ => {
            "expected a folder in which this process may write; --runs and --name choose another one for a run"
        }
    }
}

impl LockError {
    /// The error of the process that comes second.
    pub fn in_use(path: &Path, holder: String) -> LockError {
        LockError::InUse { path: path.to_owned(), holder }
    }

    fn file(path: &Path, source: io::Error) -> LockError {
        LockError::File { path: path.to_owned(), source }
    }
}

/// A lock that is held until it is dropped, also where a forked process has a copy of its file. That process must not drop its
/// own copy of the lock while this one holds it: both are one lock to the system.
#[derive(Debug)]
#[must_use = "a lock that is dropped is released"]
pub struct Lock {
    file: File,
    /// Whether other processes may hold it too; the file then names nobody.
    shared: bool,
}

impl Lock {
    /// Takes the lock file at `path` for this process alone, and creates it and its folder where they are missing.
    ///
    /// # Errors
    /// Another process uses `what`, and is named; or the file cannot be created.
    pub fn exclusive(path: &Path, what: &Path) -> Result<Lock, LockError> {
        let mut file = open(path)?;
        if !try_lock(&file, path, File::try_lock)? {
            return Err(LockError::in_use(what, holder(path)));
        }
        let text = format!("process {} since {}", std::process::id(), utc(SystemTime::now()));
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(text.as_bytes()))
            .map_err(|error| LockError::file(path, error))?;
        Ok(Lock { file, shared: false })
    }

    /// Takes the lock file at `path` together with the other processes that share it; `None` where a process holds it alone.
    ///
    /// # Errors
    /// The file cannot be created.
    pub fn shared(path: &Path) -> Result<Option<Lock>, LockError> {
        let file = open(path)?;
        Ok(try_lock(&file, path, File::try_lock_shared)?.then_some(Lock { file, shared: true }))
    }
}

/// What the lock file at `path` says about its holder: `process N since ...`.
pub fn holder(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    if text.is_empty() { "another process".to_owned() } else { text }
}

/// Whether a process holds the lock file at `path`.
pub fn is_held(path: &Path) -> bool {
    File::open(path).is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Without its text, two folders with the same results are equal.
        if !self.shared {
            let _ = self.file.set_len(0);
        }
        // The system releases the lock with the last copy of the file, and a forked process has one.
        let _ = self.file.unlock();
    }
}

fn open(path: &Path) -> Result<File, LockError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let made = if folder.as_os_str().is_empty() { Ok(()) } else { fs::create_dir_all(folder) };
    made.and_then(|()| OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path))
        .map_err(|error| LockError::file(path, error))
}

/// Whether the lock was taken. Where the file system has no locks the work goes on without one, after a warning.
fn try_lock(
    file: &File,
    path: &Path,
    take: fn(&File) -> Result<(), TryLockError>,
) -> Result<bool, LockError> {
    match take(file) {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => {
            tracing::warn!("{}: this file system has no locks; start one process at a time", path.display());
            Ok(true)
        }
        Err(TryLockError::Error(error)) => Err(LockError::file(path, error)),
    }
}

/// A time as `2026-03-01 09:05:07 UTC`.
fn utc(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (day, second) = (seconds / 86400, seconds % 86400);
    // Days since 1 March of the year 0: leap days then come at the end of a year, and every 400 years are alike.
    let days = day + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!(
        "{year}-{month:02}-{of_month:02} {:02}:{:02}:{:02} UTC",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// `date -u -d @N '+%F %T UTC'`
    #[test]
    fn times_are_those_of_date() {
        let cases = [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_827_696, "2000-02-29 12:34:56 UTC"),
            (1_709_251_199, "2024-02-29 23:59:59 UTC"),
            (1_798_761_600, "2027-01-01 00:00:00 UTC"),
        ];
        for (seconds, text) in cases {
            assert_eq!(utc(UNIX_EPOCH + Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn a_full_disk_asks_for_room_and_not_for_another_folder() {
        let said = |kind: io::ErrorKind| LockError::file(Path::new(".lock"), kind.into()).to_string();
        let full = ".lock: cannot be made or locked (make room on the disk; the same command then goes on)";
        assert_eq!(said(io::ErrorKind::StorageFull), full);
        assert!(
            said(io::ErrorKind::PermissionDenied)
                .contains("(expected a folder in which this process may write; ")
        );
    }

    #[test]
    fn one_holder_or_several_that_share() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sub").join(LOCK);
        let alone = Lock::exclusive(&path, dir.path()).unwrap();
        let said = Lock::exclusive(&path, dir.path()).unwrap_err().to_string();
        assert!(said.contains(&format!("in use by process {} since 20", std::process::id())), "{said}");
        assert!(said.contains(" UTC, or by a process that it has forked ("), "{said}");
        assert!(Lock::shared(&path).unwrap().is_none() && is_held(&path));
        drop(alone);
        assert!(!is_held(&path) && holder(&path) == "another process");
        let (one, two) = (Lock::shared(&path).unwrap().unwrap(), Lock::shared(&path).unwrap().unwrap());
        assert!(Lock::exclusive(&path, dir.path()).is_err());
        drop((one, two));
        drop(Lock::exclusive(&path, dir.path()).unwrap());
    }

    /// A copy of the descriptor is what a forked process has: both are of one open file.
    #[test]
    fn a_copy_of_the_file_does_not_hold_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(LOCK);
        let alone = Lock::exclusive(&path, dir.path()).unwrap();
        let forked = alone.file.try_clone().unwrap();
        assert!(is_held(&path));
        drop(alone);
        assert!(!is_held(&path));
        let shared = Lock::shared(&path).unwrap().unwrap();
        let also_forked = shared.file.try_clone().unwrap();
        drop(shared);
        drop(Lock::exclusive(&path, dir.path()).unwrap());
        drop((forked, also_forked));
    }
}
