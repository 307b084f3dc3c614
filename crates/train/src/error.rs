//! The errors of this crate. Each names the step, the file or the image that it is about.

use std::path::PathBuf;

/// The errors of this crate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting that cannot work.
    #[error("{name} = {value}: expected {expected}")]
    Setting {
        /// The name of the setting.
        name: &'static str,
        /// The value that was given.
        value: String,
        /// What would have been accepted.
        expected: &'static str,
    },
    /// The training list does not fill one step.
    #[error(
        "train.batch = {batch}: the training list has {} (expected a batch of at most {pictures}, or a longer list)",
        scribe_base::human::count(*pictures, "picture")
    )]
    ShortList {
        /// Images per step.
        batch: usize,
        /// Entries of the training list.
        pictures: usize,
    },
    /// The loss became NaN or infinite. The checkpoint before it is kept.
    #[error(
        "the loss became {loss} at step {step} (learning rates: backbone {backbone_lr}, head {head_lr}); \
         the batch held {}; the last intact checkpoint is kept", images.join(", ")
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
        /// The ids of the batch's images.
        images: Vec<String>,
    },
    /// The folder holds a checkpoint of another run.
    #[error(
        "{path}: this is of another recipe or of other pictures than asked for now{}\n\
         put back what differs, choose another run name (--name), or remove the folder",
        explained(differences, found, expected)
    )]
    OtherRun {
        /// The checkpoint.
        path: PathBuf,
        /// The digest in the checkpoint.
        found: String,
        /// The digest of this run.
        expected: String,
        /// Each setting, list, image and label map that differs, on a line of its own. It is empty where the folder does
        /// not tell what the checkpoint was made from.
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
    /// A file cannot be read or written.
    #[error("{path}: cannot be read or written")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The training was told to stop. The step was finished and saved.
    #[error("stopped after step {step}; the same command resumes from there")]
    Stopped {
        /// The last finished step, counted from 1.
        step: u64,
    },
    /// The prediction for a validation image cannot be counted.
    #[error("image {image} cannot be validated")]
    ValidationCount {
        /// The id of the image.
        image: String,
        /// Why it cannot be counted.
        source: scribe_records::Error,
    },
    /// A validation image cannot be predicted, or its labels cannot be counted.
    #[error("image {image} cannot be validated")]
    ValidationPrediction {
        /// The id of the image.
        image: String,
        /// Why it cannot be predicted.
        source: Box<scribe_model::Error>,
    },
    /// The processes that train together did not meet or stay together.
    #[error(transparent)]
    Group(#[from] crate::group::GroupError),
    /// A file cannot be written.
    #[error(transparent)]
    Write(#[from] scribe_base::atomic_file::WriteError),
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

/// Adds the path to an error of input or output.
pub(crate) fn io_error(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Error + '_ {
    move |source| Error::Io { path: path.to_path_buf(), source }
}

/// An error with its causes on one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
