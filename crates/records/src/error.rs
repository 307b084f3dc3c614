//! What can go wrong with records, named by file, value and what was expected.

use crate::{Condition, CorruptionInfo, DataChange, Difference, Input, Key, ModelId, Series};
use std::path::PathBuf;
use thiserror::Error;

/// The result of an operation on records.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong.
#[derive(Debug, Error)]
pub enum Error {
    /// A model id or mode with other characters, or too long, or empty.
    #[error("{what} `{value}`: expected 1 to 64 of the characters a-z A-Z 0-9 . _ -")]
    Name {
        /// "model id" or "mode".
        what: &'static str,
        /// What was given.
        value: String,
    },
    /// A label that tables and figures cannot show.
    #[error("{what} {value:?}: expected {}", scribe_base::name::SHOWN)]
    Shown {
        /// What it is a name of.
        what: &'static str,
        /// What was given, cut to its first characters.
        value: String,
    },
    /// The id of an image that cannot be used.
    #[error("image {value:?}: expected 1 to 255 bytes, no control characters")]
    Image {
        /// What was given, cut to its first characters.
        value: String,
    },
    /// A severity that does not exist.
    #[error("condition `{corruption}` with severity {severity}: expected 1 to 5, or `clean` with 0")]
    Severity {
        /// The corruption's name.
        corruption: String,
        /// What was given.
        severity: u8,
    },
    /// Two arrays that must describe the same pixels do not.
    #[error("{what}: {found} values, expected {expected}")]
    Length {
        /// Which array.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length of its partner.
        expected: usize,
    },
    /// A label or prediction outside the classes.
    #[error("{what} {value} at pixel {pixel}: expected a class below {classes}{}", if *what == "truth" { " or 255 (void)" } else { "" })]
    Class {
        /// "truth" or "prediction".
        what: &'static str,
        /// What was found.
        value: u8,
        /// Its position in the array.
        pixel: usize,
        /// The number of classes.
        classes: usize,
    },
    /// Two accumulators of different sizes were to be merged.
    #[error("{what} of size {found} merged into one of size {expected}")]
    Shape {
        /// Which accumulator.
        what: &'static str,
        /// The size that came.
        found: usize,
        /// The size that was there.
        expected: usize,
    },
    /// More pixels in one cell or bin than the stored form can count.
    #[error("{count} pixels in one cell or bin of one picture: the stored form counts up to {}", u32::MAX)]
    TooMany {
        /// The count.
        count: u64,
    },
    /// A stored blob that cannot be read back.
    #[error("{}: broken {what} blob: {reason}", path.display())]
    Blob {
        /// The store.
        path: PathBuf,
        /// Which kind of blob.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A value in the store that no version of this crate writes.
    #[error("{}: {what} `{value}` is out of range", path.display())]
    Value {
        /// The store.
        path: PathBuf,
        /// Which column.
        what: &'static str,
        /// What it holds.
        value: String,
    },
    /// The file is not there.
    #[error("{}: no such store", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A store is already there.
    #[error("{}: a store is already there", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file is not a store, or is damaged.
    #[error("{}: not a readable store: {reason}", path.display())]
    NotAStore {
        /// The file.
        path: PathBuf,
        /// What was found instead.
        reason: String,
    },
    /// A manifest with which the store could not be read again; nothing was written.
    #[error("{}: not written, because a store that says this could not be read again: {reason}", path.display())]
    Manifest {
        /// The file that is as it was, or was not made.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The file that is open is no longer the one at its path.
    #[error(
        "{}: the store was removed or replaced while it was open, and what was written last is not in the file that lies \
         there now (put the earlier file back, or begin again in another folder)",
        path.display()
    )]
    TakenAway {
        /// The path.
        path: PathBuf,
    },
    /// The store was made under other settings.
    #[error("{}: made with other settings than asked for (old -> new):{}", path.display(), listed(differences))]
    Digest {
        /// The file.
        path: PathBuf,
        /// Each setting that differs.
        differences: Vec<Difference>,
    },
    /// Two models would have the same name in tables.
    #[error(
        "{}: model `{holder}` is called `{label}` (expected another label for `{model}`: --label, or `label` of the recipe's model)",
        path.display()
    )]
    LabelTaken {
        /// The file.
        path: PathBuf,
        /// The label.
        label: String,
        /// The model that has it.
        holder: ModelId,
        /// The model that was to be added under it.
        model: ModelId,
    },
    /// Two stores to be merged call one model differently.
    #[error(
        "{}: model `{model}` is called `{other}`, and in another shard `{label}` (expected one label: the command of one of \
         the shards, given again with the other label, changes it)",
        path.display()
    )]
    Relabelled {
        /// The shard that came second.
        path: PathBuf,
        /// The model.
        model: ModelId,
        /// Its label in the shards before.
        label: String,
        /// Its label in this one.
        other: String,
    },
    /// The store was made from other images or label maps.
    #[error(
        "{}: made from other data than {other}:{change}\nput the earlier files back, or evaluate into another run (--name)",
        path.display()
    )]
    Data {
        /// The file.
        path: PathBuf,
        /// What it was compared with: the files that are there now, or another shard.
        other: String,
        /// What differs.
        change: Box<DataChange>,
    },
    /// A result with this key is already there; nothing of the unit was written.
    #[error("{}: there is already a result for {key}", path.display())]
    Duplicate {
        /// The file.
        path: PathBuf,
        /// The key that came twice.
        key: Box<Key>,
    },
    /// The same image and condition came with other bytes than before; nothing was written.
    #[error(
        "{}: the input {} {} has seed {} and SHA-256 {}, but the store has seed {} and {}",
        path.display(), new.image_id, new.condition, new.seed, or_none(&new.sha256), old.seed, or_none(&old.sha256)
    )]
    InputChanged {
        /// The file.
        path: PathBuf,
        /// What is in the store.
        old: Box<Input>,
        /// What came.
        new: Box<Input>,
    },
    /// A unit that contradicts itself; nothing was written.
    #[error("unit for {image_id} {condition}: {reason}")]
    Unit {
        /// The image's id.
        image_id: String,
        /// The condition.
        condition: Condition,
        /// What is wrong.
        reason: String,
    },
    /// Two stores to be merged hold sums of the same block of images.
    #[error("{}: sums of {series} {condition} block {block} are in another shard too", path.display())]
    Overlap {
        /// The shard that came second.
        path: PathBuf,
        /// The series.
        series: Box<Series>,
        /// The condition.
        condition: Condition,
        /// The block.
        block: u32,
    },
    /// Stores to be merged do not make a whole.
    #[error(
        "{missing} of {wanted} results are in no shard, the first is {first}; \
         a shard is missing, or one of them did not end"
    )]
    Hole {
        /// How many.
        missing: usize,
        /// How many there should be.
        wanted: usize,
        /// The first of them, in the manifest's order of images and conditions.
        first: Box<Key>,
    },
    /// Another process holds the file.
    #[error("{}: another process has it open for reading or writing (try again when that has ended or closed it)", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The write-ahead log has lost its name, and what is in it cannot be brought into the file yet.
    #[error("{}: its write-ahead log was removed while it was open, and a reader keeps the log from being brought into it", path.display())]
    LogHeld {
        /// The file.
        path: PathBuf,
    },
    /// There is no room for what is to be written.
    #[error("{}: the disk is full (make room on it; the same command then goes on)", path.display())]
    DiskFull {
        /// The file, which holds what was committed before.
        path: PathBuf,
    },
    /// SQLite failed.
    #[error("{}: the database cannot be read or written", path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A store cannot be moved to its place.
    #[error(transparent)]
    Write(#[from] scribe_base::atomic_file::WriteError),
    /// The file system failed.
    #[error("{}: cannot be read or written", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

fn or_none(sha256: &str) -> &str {
    if sha256.is_empty() { "none" } else { sha256 }
}

fn listed(differences: &[Difference]) -> String {
    let mut text: String = differences.iter().map(|d| format!("\n  {d}")).collect();
    let given = format!("manifest.implementation.{}", CorruptionInfo::GIVEN_PREFIX);
    if let Some(name) = differences.iter().find_map(|d| d.key.strip_prefix(&given)) {
        text += &format!(
            "\npictures or label maps of [[eval.conditions]] {name} have another content than those of the results, or others were \
             named: put the earlier files back, or evaluate into another run (--name)"
        );
    }
    text
}
