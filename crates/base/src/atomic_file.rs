//! Files that are there whole or not at all.
//!
//! A process may be killed and a machine may lose its power at any moment. A file written by this module has, after
//! that, its old content or its new one, never half of one: the bytes go to a temporary file in the same folder, which
//! is synced to the disk and then renamed.
//!
//! The file gets the mode that the umask leaves. Where the path is a symbolic link, the link stays and the file that it
//! points to is replaced, as with a shell's redirection. A device, a named pipe or a socket is not replaced: that is an error.

pub use crate::partial::{is_partial, sweep};

use crate::file_kind::no_file;
use crate::kill_point::reached;
use crate::partial::temporary;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A file cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("{}: cannot be written{}", path.display(), advice(path, source))]
pub struct WriteError {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

/// What to do where a file cannot be written, as the end of a sentence; empty where the system's error says it all.
pub fn advice(path: &Path, source: &io::Error) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match source.kind() {
        ErrorKind::NotFound if !folder.exists() => {
            format!(" (expected the folder {} to be there: make it, or name another place)", folder.display())
        }
        ErrorKind::NotADirectory => format!(" (expected a folder, but {} is none)", folder.display()),
        ErrorKind::PermissionDenied => " (expected a place in which you may write: name another)".to_owned(),
        ErrorKind::ReadOnlyFilesystem => {
            " (expected a file system to write on: name another place)".to_owned()
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => " (expected room on the disk)".to_owned(),
        _ => String::new(),
    }
}

/// Writes `bytes` to the file at `path`, whose folder must exist, and replaces what was there.
///
/// # Errors
/// A step of the writing fails; what was there before is still there, and nothing else is left.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// let path = folder.path().join("table.csv");
/// scribe_base::atomic_file::write(&path, b"model,miou\n")?;
/// assert_eq!(std::fs::read(&path)?, b"model,miou\n");
/// # Ok(())
/// # }
/// ```
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let mut draft = Draft::create(path)?;
    draft.write_all(bytes).map_err(|source| WriteError { path: path.to_owned(), source })?;
    draft.commit()
}

/// A file that is being written and does not have its name yet; dropped before [`Draft::commit`], it is removed.
#[derive(Debug)]
pub struct Draft {
    /// What the caller calls the file.
    path: PathBuf,
    /// The file that will be replaced.
    target: PathBuf,
    file: NamedTempFile,
}

impl Draft {
    /// Begins a file that will be at `path`, whose folder must exist.
    ///
    /// # Errors
    /// No file can be made in the folder.
    pub fn create(path: &Path) -> Result<Draft, WriteError> {
        let target = link_target(path);
        let file = replaceable(&target)
            .and_then(|()| temporary(folder_of(&target), &target))
            .map_err(|source| WriteError { path: path.to_owned(), source })?;
        Ok(Draft { path: path.to_owned(), target, file })
    }

    /// Syncs what was written to the disk and gives the file its name.
    ///
    /// # Errors
    /// One of the two fails; the file that was at the path is still there.
    pub fn commit(self) -> Result<(), WriteError> {
        let placed = self.file.as_file().sync_all().and_then(|()| {
            reached("a file is synced and has no name yet");
            self.file.persist(&self.target).map_err(|error| error.error)?;
            reached("a file has its name, its folder is not synced");
            sync_folder(folder_of(&self.target))
        });
        reached("a file is written");
        placed.map_err(|source| WriteError { path: self.path, source })
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl io::Seek for Draft {
    fn seek(&mut self, position: io::SeekFrom) -> io::Result<u64> {
        self.file.seek(position)
    }
}

/// Renames the finished file or folder at `draft`, in the same folder, to `path`, and syncs it before and the folder after.
///
/// For files that another library writes itself, such as a database. `path` is not followed where it is a link. Of a folder,
/// the files in it must be synced already.
///
/// # Errors
/// A step fails; `draft` is then left where it is.
pub fn publish(draft: &Path, path: &Path) -> Result<(), WriteError> {
    let synced =
        if draft.is_dir() { sync_folder(draft) } else { File::open(draft).and_then(|file| file.sync_all()) };
    reached("a draft is synced and not renamed");
    let placed =
        synced.and_then(|()| replaceable(path)).and_then(|()| std::fs::rename(draft, path)).and_then(|()| {
            reached("a draft is renamed, its folder is not synced");
            sync_folder(folder_of(path))
        });
    placed.map_err(|source| WriteError { path: path.to_owned(), source })
}

/// Refuses to rename a file over what programs may be reading from or writing to: `/dev/null` would be a file then.
fn replaceable(target: &Path) -> io::Result<()> {
    match no_file(target) {
        Some(kind @ ("a named pipe" | "a device or a socket")) => Err(io::Error::other(format!(
            "it is {kind}, which a file would replace (expected a file's name)"
        ))),
        _ => Ok(()),
    }
}

/// The file that a write to `path` replaces: where `path` is a symbolic link, what it points to in the end, whether that
/// exists or not; otherwise `path`.
pub fn link_target(path: &Path) -> PathBuf {
    // As many as Linux follows. More are a circle, of which the last link is taken for the file.
    const MOST: usize = 40;
    let mut target = path.to_owned();
    for _ in 0..MOST {
        let Ok(next) = std::fs::read_link(&target) else { break };
        target = target.parent().unwrap_or(Path::new("")).join(next);
    }
    target
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A rename is on the disk when its folder is.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder) {
        Ok(folder) => folder.sync_all(),
        // A folder in which files may be made and which may not be listed cannot be opened.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn replaces_and_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.bin");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        drop(Draft::create(&path).unwrap());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named_with_the_folder_that_is_not_there() {
        let dir = tempfile::tempdir().unwrap();
        let error = write(&dir.path().join("no/a.bin"), b"one").unwrap_err().to_string();
        let expected = format!("(expected the folder {} to be there", dir.path().join("no").display());
        assert!(error.contains("a.bin: cannot be written") && error.contains(&expected), "{error}");
        fs::write(dir.path().join("file"), "").unwrap();
        let error = write(&dir.path().join("file/a.bin"), b"one").unwrap_err().to_string();
        assert!(error.contains("file is none"), "{error}");
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
        write(&second, b"new").unwrap();
        assert!(link.is_symlink() && second.is_symlink() && !target.is_symlink());
        assert_eq!(fs::read(&target).unwrap(), b"new");
        fs::remove_file(&target).unwrap();
        write(&link, b"made").unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"made");
        fs::write(&missing, b"").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&target), mode(&missing), "what the umask leaves");
    }

    #[cfg(unix)]
    #[test]
    fn a_device_and_a_socket_are_not_replaced() {
        use std::os::unix::fs::FileTypeExt;
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&socket, &link).unwrap();
        let draft = dir.path().join("draft");
        fs::write(&draft, b"rows").unwrap();
        for error in [write(&socket, b"one"), write(&link, b"one"), publish(&draft, &socket)] {
            let error = error.unwrap_err();
            let source = error.source.to_string();
            assert_eq!(
                source,
                "it is a device or a socket, which a file would replace (expected a file's name)"
            );
        }
        assert!(fs::metadata(&socket).unwrap().file_type().is_socket());
    }

    #[test]
    fn knows_its_own_leftovers() {
        let dir = tempfile::tempdir().unwrap();
        let draft = Draft::create(&dir.path().join("b.png")).unwrap();
        let name = draft.file.path().file_name().unwrap().to_string_lossy().into_owned();
        assert!(is_partial(&name), "{name}");
        assert!(!is_partial("b.png") && !is_partial("b.partial"));
    }

    #[test]
    fn a_finished_draft_gets_its_name() {
        let dir = tempfile::tempdir().unwrap();
        let [draft, path] = ["draft", "store"].map(|name| dir.path().join(name));
        fs::write(&draft, b"rows").unwrap();
        publish(&draft, &path).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"rows");
        assert!(!draft.exists() && publish(&draft, &path).is_err());
    }
}
