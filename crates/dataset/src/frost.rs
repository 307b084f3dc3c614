//! The six frost pictures of the reference corruptions, which are not part of this repository.

use crate::decode::check_file;
use crate::{Error, Result, decode_image};
use image::RgbImage;
use scribe_base::digest::sha256_hex;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// The most bytes that are read of one of the files. The largest of the six has 1.2 MB.
const MOST: u64 = 1 << 24;

/// One of the six frost pictures: its name and the SHA-256 of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrostFile {
    /// The file's name within `imagecorruptions/frost/`.
    pub name: &'static str,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: &'static str,
}

/// The six frost pictures in the order of their numbers. The reference draws one of the first five; the sixth is in its package and never drawn.
///
/// The digests are of the files in the wheel `imagecorruptions-1.1.2-py3-none-any.whl`.
pub const FROST_FILES: [FrostFile; 6] = [
    FrostFile {
        name: "frost1.png",
        sha256: "ff9f907860bd7a835d459e32f9d588062b7f61ee267343cc7222b56753a14755",
    },
    FrostFile {
        name: "frost2.png",
        sha256: "fe211a89b336999c207a852ce05818d4545d0b57c5beadd824b4cc9d9a9b6137",
    },
    FrostFile {
        name: "frost3.png",
        sha256: "2d0d50b4a9bb213f38b024ef7768731bb83cc08d2f26b5766bbc167cdfa0e504",
    },
    FrostFile {
        name: "frost4.jpg",
        sha256: "3f8b91ca1a9fa7167b09e773da53f5ae60d0a1fd88f02a783f6e328a72887f6e",
    },
    FrostFile {
        name: "frost5.jpg",
        sha256: "5fc6a19df4a429ba68abdcc8f8a4278d4c9f81c9ccafd2c92ab0c8cf8992ebd2",
    },
    FrostFile {
        name: "frost6.jpg",
        sha256: "1f92b2f48408748085b68dd81d816ef239f42cef3029c25d041fcb6760fb4f25",
    },
];

/// Reads the six frost pictures from a folder that `scribe data frost` filled.
///
/// Alpha channels are dropped, as OpenCV's `imread` does in the reference.
///
/// # Errors
/// [`Error::MissingFolder`], [`Error::Read`] when a file is missing or longer than 16 MiB, [`Error::NotAFile`] when something else
/// has its name, such as a named pipe, which would be waited for, [`Error::Hash`] when it is another file.
pub fn read_frost_pictures(folder: &Path) -> Result<Vec<RgbImage>> {
    if !folder.is_dir() {
        let expected = "the cache of frost pictures; `scribe data frost` fills it".to_owned();
        return Err(Error::MissingFolder { path: folder.to_owned(), expected });
    }
    FROST_FILES.iter().map(|file| read_checked(&folder.join(file.name), file.sha256)).collect()
}

fn read_checked(path: &Path, sha256: &'static str) -> Result<RgbImage> {
    check_file(path)?;
    let bytes = bounded(path).map_err(|e| Error::read(path, e))?;
    check_digest(path, &bytes, sha256)?;
    decode_image(&bytes, path)
}

/// The bytes of a file of at most [`MOST`].
fn bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        let reason =
            format!("it is longer than {MOST} bytes (expected the picture of this name in imagecorruptions)");
        return Err(io::Error::new(ErrorKind::FileTooLarge, reason));
    }
    Ok(bytes)
}

pub(crate) fn check_digest(path: &Path, bytes: &[u8], expected: &'static str) -> Result<()> {
    let found = sha256_hex(bytes);
    if found == expected { Ok(()) } else { Err(Error::Hash { path: path.to_owned(), expected, found }) }
}
