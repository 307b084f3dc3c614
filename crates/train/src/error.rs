//! What can go wrong while training, named so that the reader knows which step, file or image to look at.

use std::path::PathBuf;

/// The errors of this crate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting that cannot work.
    #[error("{key} = {value}: expected {expected}")]
    Setting {
        /// Which setting.
        key: &'static str,
        /// The value found.
        value: String,
        /// What would have been accepted.
        expected: &'static str,
    },
    /// The loss became NaN or infinite; the checkpoint before it is kept.
    #[error(
        "the loss became {loss} at step {step} (learning rates: backbone {backbone_lr}, head {head_lr}); \
         the batch held {}; the last good checkpoint is kept", images.join(", ")
    )]
    Diverged {
        /// Step, counted from 0.
        step: u64,
        /// The loss.
        loss: f64,
        /// Learning rate of the backbone at that step.
        backbone_lr: f64,
        /// Learning rate of the head at that step.
        head_lr: f64,
        /// Ids of the batch's images.
        images: Vec<String>,
    },
    /// A checkpoint of another run lies in the folder.
    #[error(
        "{path}: this is of another recipe or of other pictures than asked for now{}\n\
         put back what differs, choose another run name (--name), or remove the folder",
        explained(differences, found, expected)
    )]
    OtherRun {
        /// The checkpoint.
        path: PathBuf,
        /// Digest that the checkpoint carries.
        found: String,
        /// Digest of the run at hand.
        expected: String,
        /// Each setting, list, picture and label map that differs, on lines of their own; empty where the folder does not
        /// say what the checkpoint was made from.
        differences: Vec<String>,
    },
    /// A checkpoint that cannot be used.
    #[error("{path}: damaged checkpoint: {reason}")]
    Damaged {
        /// The checkpoint.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Reading or writing a file failed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The run was asked to stop; the step was finished and saved.
    #[error("stopped after step {step}; the same command goes on from there")]
    Stopped {
        /// The last finished step, counted from 1.
        step: u64,
    },
    /// A validation picture's prediction cannot be counted.
    #[error("validating image {image}: {source}")]
    Validation {
        /// The picture.
        image: String,
        /// What the count refused.
        source: scribe_records::Error,
    },
    /// A validation picture cannot be predicted, or its labels cannot be counted.
    #[error("validating image {image}: {source}")]
    Predicted {
        /// The picture.
        image: String,
        /// What the network refused.
        source: Box<scribe_model::Error>,
    },
    /// The processes that train together parted.
    #[error(transparent)]
    Group(#[from] crate::group::GroupError),
    /// The data set failed.
    #[error(transparent)]
    Dataset(#[from] scribe_dataset::Error),
    /// The network failed.
    #[error(transparent)]
    Model(#[from] scribe_model::Error),
    /// A tensor operation failed.
    #[error(transparent)]
    Tensor(#[from] candle_core::Error),
}

/// The result of this crate's functions.
pub type Result<T> = std::result::Result<T, Error>;

fn explained(differences: &[String], found: &str, expected: &str) -> String {
    if differences.is_empty() {
        return format!(" (its digest is {found}, this run's is {expected})");
    }
    format!(" (old -> new):{}", differences.concat())
}

/// Attaches a path to an input/output error.
pub(crate) fn at(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Error + '_ {
    move |source| Error::Io { path: path.to_path_buf(), source }
}
