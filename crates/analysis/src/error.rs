//! What can go wrong between a store and a report.

use std::path::PathBuf;

/// An error of this crate.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No pixel of any map has a true class.
    #[error("there is no pixel to score (expected a pixel whose true class is not the ignored value)")]
    NothingToScore,
    /// A file of the report could not be written.
    #[error(transparent)]
    Write(#[from] scribe_base::atomic_file::WriteError),
    /// The folder of the report could not be made.
    #[error("{}: cannot make this folder", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The store could not be read.
    #[error("cannot read the run's store")]
    Store(#[from] scribe_records::Error),
    /// The store does not have what a report needs or a caller has named.
    #[error("the store has no {what}; expected {expected}")]
    Missing {
        /// What is missing.
        what: String,
        /// What would have been accepted.
        expected: String,
    },
    /// A result of an image that the run does not have.
    #[error(
        "{}: it has a result of picture `{image}`, which its manifest does not list; it is damaged (evaluate again)",
        path.display()
    )]
    Unlisted {
        /// The store.
        path: PathBuf,
        /// The image's id.
        image: String,
    },
    /// Counts of the store do not fit together.
    #[error("{}: its counts do not fit together; it is damaged (evaluate again)", path.display())]
    Content {
        /// The store.
        path: PathBuf,
        /// What does not fit.
        source: scribe_records::Error,
    },
    /// An image of an example panel cannot be shown.
    #[error("{}: the panel of image {image}: {reason}", path.display())]
    Panel {
        /// The store.
        path: PathBuf,
        /// The image's id and its condition.
        image: String,
        /// What is wrong with one of the panel's images.
        reason: String,
    },
    /// The results of a store are of so many series, conditions and classes that they would take too much memory.
    #[error(
        "{}: its results would take more than {most} bytes of memory, the most for a store of its size: each series takes 8 bytes \
         under each condition for each pair of classes; expected fewer of them (evaluate some of the models in a run of their own)",
        path.display()
    )]
    Claims {
        /// The store.
        path: PathBuf,
        /// The most bytes that a store of its size may take.
        most: u64,
    },
    /// A setting has a value that cannot be used.
    #[error("{name} is {value}; expected {expected}")]
    Setting {
        /// The setting's name.
        name: &'static str,
        /// Its value.
        value: String,
        /// What it may be.
        expected: &'static str,
    },
    /// The draws of so many resamples of so many pictures would take too much memory.
    #[error(
        "{resamples} resamples of {pictures} pictures: their draws take 4 bytes for each picture and resample; expected at most \
         {most} resamples of so many pictures"
    )]
    Resamples {
        /// The number of resamples.
        resamples: usize,
        /// The number of pictures.
        pictures: usize,
        /// The most resamples of so many pictures.
        most: usize,
    },
    /// So few pictures are no two sequences, and every resample would then be the whole set.
    #[error(
        "sequences of {sequence} pictures: the set has {pictures}, which are fewer than two of them; expected at most {}",
        (pictures / 2).max(1)
    )]
    Sequence {
        /// The pictures of a sequence.
        sequence: usize,
        /// The number of pictures.
        pictures: usize,
    },
    /// A run whose numbers are to be judged has not finished its evaluation.
    #[error(
        "run {run} is not finished: under {conditions} conditions it lacks results, of some of the {pictures} pictures of its set or of \
         some draws of the corruptions; expected all of them (`scribe eval` goes on where it stopped)"
    )]
    Unfinished {
        /// The run's name.
        run: String,
        /// Conditions under which results are missing.
        conditions: usize,
        /// The pictures of its set.
        pictures: usize,
    },
    /// The label maps of one image cannot be compared.
    #[error("image {image} (counted from 0): its label maps cannot be compared")]
    Map {
        /// The place of the image among those that were given, from 0.
        image: usize,
        /// What is wrong with them.
        source: scribe_records::Error,
    },
    /// A size is not the one that was expected.
    #[error("{what}: expected {expected}, found {found}")]
    Shape {
        /// The quantity.
        what: String,
        /// The size that was expected.
        expected: usize,
        /// The size that was found.
        found: usize,
    },
    /// A number that must be finite is not.
    #[error("{what} holds a value that is not finite: {value}")]
    NotFinite {
        /// The quantity.
        what: String,
        /// The offending value.
        value: f64,
    },
    /// A table of the paper's form cannot be read.
    #[error("{file}, line {line}: {reason}")]
    Paper {
        /// Which table.
        file: &'static str,
        /// The line from 1; 0 for the whole file.
        line: usize,
        /// What is wrong, and what was expected.
        reason: String,
    },
    /// A table that is to be audited cannot be read.
    #[error("{file}, {place}: {reason}")]
    Table {
        /// The table's file.
        file: String,
        /// The line or column, counted from 1.
        place: String,
        /// What is wrong, and what was expected.
        reason: String,
    },
    /// The layout of a table cannot be used.
    #[error("layout {file}: {reason}")]
    Layout {
        /// The layout's file or name.
        file: String,
        /// What is wrong, and what was expected.
        reason: String,
    },
    /// There is nothing of this name.
    #[error("there is no {what}; expected {expected}")]
    Unknown {
        /// What was asked for.
        what: String,
        /// What there is.
        expected: String,
    },
    /// A threshold of a gate cannot be read or judged.
    #[error("`{text}`: {reason}")]
    Threshold {
        /// The threshold.
        text: String,
        /// What is wrong, and what was expected.
        reason: String,
    },
    /// A file of thresholds cannot be read.
    #[error("{file}: {reason}")]
    Thresholds {
        /// The file.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// Two runs cannot be compared image by image.
    #[error(
        "{run} cannot be compared with {baseline} image by image: {reason}; expected runs of the same inputs"
    )]
    Unpaired {
        /// The run.
        run: String,
        /// Its baseline.
        baseline: String,
        /// How they differ.
        reason: String,
    },
    /// A figure could not be drawn.
    #[error("cannot draw {figure}: {reason}")]
    Draw {
        /// The figure's name.
        figure: String,
        /// The reason.
        reason: String,
    },
}

impl Error {
    pub(crate) fn paper(file: &'static str, line: usize, reason: String) -> Error {
        Error::Paper { file, line, reason }
    }
}

/// The result type of this crate.
pub type Result<T> = std::result::Result<T, Error>;
