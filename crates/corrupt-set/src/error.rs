//! What can go wrong with a corrupted set, each with the file, the value and what was expected.

use crate::advice::advice;
use crate::manifest::Row;
use crate::others::others;
use crate::settings::SETTINGS;
use scribe_base::atomic_file::WriteError;
use scribe_base::excerpt;
use scribe_base::human::size;
use scribe_base::lock::LockError;
use scribe_dataset::ImageId;
use std::io;
use std::path::{Path, PathBuf};

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A corrupted set cannot be made, continued or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting is out of its range.
    #[error("{name} is {value} (expected {expected})")]
    Setting {
        /// The setting.
        name: &'static str,
        /// Its value.
        value: String,
        /// Its range.
        expected: String,
    },
    /// The suite has no such corruption.
    #[error(transparent)]
    Suite(#[from] scribe_corruptions::Error),
    /// Another process writes in the folder.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A file or folder of the set cannot be read or changed.
    #[error("{}: cannot be {action}{}", path.display(), advice(source))]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The folder to write is a file, or is below one.
    #[error(
        "{}: is a file (expected a folder that does not exist, is empty, or was made by this command: name another \
         with --out)",
        path.display()
    )]
    NoFolder {
        /// The file.
        path: PathBuf,
    },
    /// The pictures and their corrupted set are not in folders of their own.
    #[error(
        "{}: is in {}, or the other way round (expected two folders apart: the set's files would be taken for pictures; \
         name another with --out)",
        out.display(), pictures.display()
    )]
    Nested {
        /// The folder of pictures.
        pictures: PathBuf,
        /// The folder of the set.
        out: PathBuf,
    },
    /// There is no corrupted set.
    #[error("{}: no such file (expected the folder of a set that `scribe corrupt-set` made)", path.display())]
    NoSet {
        /// The settings' file that is not there.
        path: PathBuf,
    },
    /// An image of the data set cannot be loaded.
    #[error("image {id} (expected a sound file: mend it or take it out, and the same command continues)")]
    Image {
        /// The image.
        id: ImageId,
        /// The reason.
        source: Box<scribe_dataset::Error>,
    },
    /// An image cannot be packed.
    #[error(transparent)]
    Encode(Box<scribe_dataset::Error>),
    /// An image cannot be corrupted.
    #[error("image {id}, {corruption}:{severity}")]
    Corrupt {
        /// The image.
        id: ImageId,
        /// The corruption.
        corruption: String,
        /// Its severity.
        severity: u8,
        /// The reason.
        source: Box<scribe_corruptions::Error>,
    },
    /// The settings' file is not one.
    #[error("{}: not the settings of a corrupted set", path.display())]
    Settings {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: serde_json::Error,
    },
    /// The set has another format.
    #[error(
        "{}: format is {found} (expected {expected}, which holds the clean pictures too; make the set anew in another \
         folder)",
        path.display()
    )]
    Format {
        /// The settings' file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// This version's format.
        expected: u32,
    },
    /// The folder holds something else.
    #[error(
        "{}: holds files but no {SETTINGS} (expected a folder that does not exist, is empty, or was made by this command)",
        path.display()
    )]
    Foreign {
        /// The folder.
        path: PathBuf,
    },
    /// The folder holds a set that was made with other settings.
    #[error(
        "{}: {key} is {found}, now {wanted} is asked for (expected {expected})",
        path.display()
    )]
    OtherSettings {
        /// The settings' file.
        path: PathBuf,
        /// The first setting that differs.
        key: &'static str,
        /// Its value in the set.
        found: String,
        /// Its value now.
        wanted: String,
        /// The values that continue the set.
        expected: &'static str,
    },
    /// The manifest is not one.
    #[error("{}: not a manifest of a corrupted set (expected the first line {expected})", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// Its first line.
        expected: &'static str,
    },
    /// A line of the manifest is not a row.
    #[error("{} line {line}", path.display())]
    ManifestLine {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The reason.
        source: csv::Error,
    },
    /// A line of the manifest names an image or a corruption that cannot be part of the set.
    #[error("{} line {line}: {:?} cannot name a file of the set: {reason} (expected the manifest that this command wrote)", path.display(), excerpt::of(name))]
    ManifestName {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The image id or the corruption.
        name: String,
        /// The rule that it breaks.
        reason: &'static str,
    },
    /// A line of the manifest is another image's or condition's, or has another seed.
    #[error("{} line {line}: {found} (expected {expected})", path.display())]
    ManifestOrder {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// Image, corruption and severity, or the seed.
        found: String,
        /// What the settings and the list give.
        expected: String,
    },
    /// The manifest has more rows than the set has images.
    #[error("{}: {found} rows (expected at most {most})", path.display())]
    ManifestLength {
        /// The file.
        path: PathBuf,
        /// Its rows.
        found: usize,
        /// The rows of a whole set.
        most: usize,
    },
    /// The set does not hold all images yet.
    #[error(
        "{}: {found} rows (expected {expected}: the set is not whole yet, the command that made it resumes it)",
        path.display()
    )]
    Incomplete {
        /// The manifest.
        path: PathBuf,
        /// Its rows.
        found: usize,
        /// The rows that are needed.
        expected: usize,
    },
    /// Images of the data set are not those that the set was made from.
    #[error(
        "{}: picture {id}{} has changed since the set was made: its source_sha256 is {said}, now it is {found} (expected \
         the same pictures: put back what the set was made from, or name another folder with --out)",
        path.display(), others(*count)
    )]
    SourceChanged {
        /// The manifest.
        path: PathBuf,
        /// The first such image.
        id: ImageId,
        /// How many there are.
        count: usize,
        /// The hash in the manifest.
        said: String,
        /// The hash now.
        found: String,
    },
    /// An image that was made again is not the same.
    #[error(
        "{}: the manifest says {old}, made anew it is {new} (expected the same: has the picture changed?)",
        path.display()
    )]
    RowChanged {
        /// The set's folder.
        path: PathBuf,
        /// The row in the manifest.
        old: String,
        /// The row now.
        new: String,
    },
    /// The set does not fit on the disk.
    #[error(
        "{}: about {} are needed and {} are free (expected room; --limit, --corruptions and --severities make less)",
        path.display(), size(*needed), size(*free)
    )]
    Room {
        /// The set's folder.
        path: PathBuf,
        /// Bytes that are needed, estimated.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
    /// An image is not the one in the set.
    #[error(
        "{}: {corruption}/{severity}/{image}.png has SHA-256 {said}, the picture that is tested {found} (expected the \
         same: were the pictures changed since the set was made, or is --data another folder?)",
        path.display()
    )]
    OtherImage {
        /// The manifest.
        path: PathBuf,
        /// The image's id.
        image: String,
        /// The corruption.
        corruption: String,
        /// Its severity; 0 for clean.
        severity: u8,
        /// The hash in the manifest, or `none`.
        said: String,
        /// The hash of the image at hand.
        found: String,
    },
}

impl Error {
    /// For `map_err`: the file at `path` cannot be read.
    pub(crate) fn read(path: &Path) -> impl FnOnce(io::Error) -> Error {
        Error::file(path, "read")
    }

    /// For `map_err`: what was tried with the file at `path` failed.
    pub(crate) fn file(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Error {
        move |source| Error::File { path: path.to_owned(), action, source }
    }

    pub(crate) fn row_changed(path: &Path, old: &Row, new: &Row) -> Error {
        Error::RowChanged { path: path.to_owned(), old: format!("{old:?}"), new: format!("{new:?}") }
    }
}
