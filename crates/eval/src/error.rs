//! What can go wrong in an evaluation, named by image, condition and model.

use scribe_records::{Condition, Key};
use std::sync::Arc;
use thiserror::Error;

/// The result of an evaluation.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong.
#[derive(Debug, Error)]
pub enum Error {
    /// A setting of the pass cannot be used.
    #[error("{name} = {value}: expected {expected}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// Its value.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The evaluation was told to stop. Everything that was committed is kept, and the same call resumes from there.
    #[error("stopped after {done} of {all} inputs; the same command resumes from there")]
    Stopped {
        /// Inputs that this call finished.
        done: usize,
        /// Inputs that this call had to do.
        all: usize,
    },
    /// An image or its label map cannot be loaded.
    #[error("picture {image_id}")]
    Data {
        /// The image's id.
        image_id: String,
        /// What the data set said.
        source: Arc<scribe_dataset::Error>,
    },
    /// A corruption refused an image.
    #[error("picture {image_id}, {condition}")]
    Corruption {
        /// The image's id.
        image_id: String,
        /// The condition.
        condition: Condition,
        /// What the corruption said.
        source: Box<scribe_corruptions::Error>,
    },
    /// A predictor failed.
    #[error("{key}")]
    Predictor {
        /// What should be predicted.
        key: Box<Key>,
        /// What the predictor said.
        source: crate::PredictorError,
    },
    /// A predictor failed on a batch although it can predict each of its images alone.
    #[error("{key} and {others} more inputs of its batch together")]
    Batch {
        /// The first of the batch.
        key: Box<Key>,
        /// How many more there are.
        others: usize,
        /// What the predictor said.
        source: crate::PredictorError,
    },
    /// A program that is asked is lost: its error says what it was asked for, which may be several inputs.
    #[error("model {model}")]
    Lost {
        /// The model.
        model: scribe_records::ModelId,
        /// Why it cannot be asked any more.
        source: crate::PredictorError,
    },
    /// A prediction cannot be counted, for example because the label map has a value that is not a class.
    #[error("{key}")]
    Count {
        /// What was predicted.
        key: Box<Key>,
        /// Why it cannot be counted.
        source: scribe_records::Error,
    },
    /// Moments are wanted of a mode whose scores are not logits.
    #[error("{key}: moments are sums of logits, but this mode gives {space}")]
    NotLogits {
        /// What was predicted.
        key: Box<Key>,
        /// What its scores are.
        space: String,
    },
    /// An image of a panel cannot be written as PNG.
    #[error("{key}: panel")]
    Panel {
        /// What was predicted.
        key: Box<Key>,
        /// What the encoder said.
        source: image::ImageError,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] scribe_records::Error),
}
