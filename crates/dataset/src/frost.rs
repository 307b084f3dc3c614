//! The six frost pictures of the reference corruptions, which are no part of this repository.

use std::fs;
use std::io::Read;
use std::path::Path;

use image::RgbImage;
use sha2::{Digest, Sha256};

use crate::decode::write_atomically;
use crate::{Error, Result, decode_image};

/// One of the six frost pictures: its name and the SHA-256 of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrostFile {
    /// The file's name within `imagecorruptions/frost/`.
    pub name: &'static str,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: &'static str,
}

/// The six frost pictures in the order in which the reference draws them by number.
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

/// The frost pictures in a cache folder.
#[derive(Debug)]
pub enum FrostPictures {}

impl FrostPictures {
    /// Reads the six pictures from a folder that [`FrostPictures::import_wheel`] filled.
    ///
    /// Alpha channels are dropped, as OpenCV's `imread` does in the reference.
    ///
    /// # Errors
    /// [`Error::MissingFolder`], [`Error::Read`] when a file is missing, [`Error::Hash`] when it is another file.
    pub fn from_cache(dir: &Path) -> Result<Vec<RgbImage>> {
        if !dir.is_dir() {
            let expected = "the cache of frost pictures; `scribe data frost` fills it".to_owned();
            return Err(Error::MissingFolder { path: dir.to_owned(), expected });
        }
        FROST_FILES.iter().map(|file| read_checked(&dir.join(file.name), file.sha256)).collect()
    }

    /// Takes the six pictures out of the wheel that `pip download imagecorruptions==1.1.2 --no-deps` brings,
    /// and writes them to `dir`, which is made if need be.
    ///
    /// Nothing is written unless all six are there with the known digests.
    ///
    /// # Errors
    /// [`Error::Read`] or [`Error::Archive`] for the wheel, [`Error::Hash`] for a member, [`Error::Write`].
    pub fn import_wheel(wheel: &Path, dir: &Path) -> Result<()> {
        let file = fs::File::open(wheel).map_err(|e| Error::read(wheel, e))?;
        let refused = |reason: String| Error::Archive { path: wheel.to_owned(), reason };
        let mut archive = zip::ZipArchive::new(file).map_err(|e| refused(format!("not a wheel: {e}")))?;
        let mut members = Vec::new();
        for file in FROST_FILES {
            let name = format!("imagecorruptions/frost/{}", file.name);
            let member = archive.by_name(&name).map_err(|e| refused(format!("{name}: {e}")))?;
            let mut bytes = Vec::new();
            // The largest is 1.2 MB; a member that claims more is another file and fails by its digest.
            member.take(1 << 24).read_to_end(&mut bytes).map_err(|e| refused(format!("{name}: {e}")))?;
            check_digest(&wheel.join(name), &bytes, file.sha256)?;
            members.push((dir.join(file.name), bytes));
        }
        fs::create_dir_all(dir).map_err(|e| Error::write(dir, e))?;
        members.iter().try_for_each(|(path, bytes)| write_atomically(path, bytes))
    }
}

fn read_checked(path: &Path, sha256: &'static str) -> Result<RgbImage> {
    let bytes = fs::read(path).map_err(|e| Error::read(path, e))?;
    check_digest(path, &bytes, sha256)?;
    decode_image(&bytes, path)
}

fn check_digest(path: &Path, bytes: &[u8], expected: &'static str) -> Result<()> {
    let found: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if found == expected { Ok(()) } else { Err(Error::Hash { path: path.to_owned(), expected, found }) }
}
