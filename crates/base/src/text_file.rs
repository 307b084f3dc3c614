//! Texts from outside, read whole and only so far: a file or a device may have no end.

use crate::file_kind::no_file;
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

/// The most bytes of a description: a recipe, classes, a map of classes, a layout, thresholds, settings.
pub const DESCRIPTION: u64 = 1 << 20;

/// Reads a text of at most `most` bytes from a file, or from the one that a link leads to.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] where something else than a file is at the path, such as a named pipe, which would be waited for;
/// [`ErrorKind::FileTooLarge`] where the file is longer; [`ErrorKind::InvalidData`] where it is not UTF-8; and those of the
/// system. None names the path.
///
/// ```
/// use scribe_base::text_file;
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("recipe.toml");
/// std::fs::write(&path, "seeds = [1]")?;
/// assert_eq!(text_file::read(&path, 11)?, "seeds = [1]");
/// let error = text_file::read(&path, 10).unwrap_err();
/// assert_eq!(error.to_string(), "it is longer than 10 bytes (expected a text of at most as many)");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn read(path: &Path, most: u64) -> Result<String> {
    if let Some(what) = no_file(path) {
        let reason = format!("it is {what} (expected a file, or a link to one)");
        return Err(Error::new(ErrorKind::InvalidInput, reason));
    }
    read_argument(path, most)
}

/// Reads a text of at most `most` bytes as [`read`] does, but from a pipe too: from what a user named on the command line,
/// which may be `<(...)` or `/dev/stdin`.
///
/// # Errors
/// Those of [`read`], except that of another kind.
pub fn read_argument(path: &Path, most: u64) -> Result<String> {
    let mut text = String::new();
    let read = File::open(path)?.take(most.saturating_add(1)).read_to_string(&mut text);
    // A character that the limit cuts is no UTF-8.
    let too_long = match &read {
        Ok(bytes) => *bytes as u64 > most,
        Err(error) => error.kind() == ErrorKind::InvalidData && is_longer(path, most),
    };
    if too_long {
        let reason = format!("it is longer than {most} bytes (expected a text of at most as many)");
        return Err(Error::new(ErrorKind::FileTooLarge, reason));
    }
    read.map(|_| text)
}

/// Whether a file is known to be longer.
fn is_longer(path: &Path, most: u64) -> bool {
    path.metadata().is_ok_and(|found| found.is_file() && found.len() > most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_an_end() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        // Three letters of two bytes each: the limit of five cuts the last.
        std::fs::write(&path, "äöü").unwrap();
        assert_eq!(read(&path, 6).unwrap(), "äöü");
        assert_eq!(read(&path, 5).unwrap_err().kind(), ErrorKind::FileTooLarge);
        std::fs::write(&path, b"a\xff").unwrap();
        assert_eq!(read(&path, 6).unwrap_err().kind(), ErrorKind::InvalidData);
        assert_eq!(read(&dir.path().join("b.txt"), 6).unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(read(dir.path(), 6).unwrap_err().kind(), ErrorKind::InvalidInput);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn devices_and_pipes_are_no_files() {
        let dir = tempfile::tempdir().unwrap();
        let (link, pipe) = (dir.path().join("device"), dir.path().join("pipe"));
        std::os::unix::fs::symlink("/dev/full", &link).unwrap();
        let error = read(&link, 9).unwrap_err().to_string();
        assert_eq!(error, "it is a device or a socket (expected a file, or a link to one)");
        // As an argument it is read, up to the limit: /dev/full gives zeros without end.
        assert_eq!(read_argument(&link, 9).unwrap_err().kind(), ErrorKind::FileTooLarge);
        assert_eq!(read_argument(Path::new("/dev/null"), 9).unwrap(), "");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let error = read(&pipe, 9).unwrap_err().to_string();
        assert_eq!(error, "it is a named pipe (expected a file, or a link to one)");
        // A pipe on the command line has a writer.
        let writer = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::write(pipe, "seeds").unwrap()
        });
        assert_eq!(read_argument(&pipe, 9).unwrap(), "seeds");
        writer.join().unwrap();
    }
}
