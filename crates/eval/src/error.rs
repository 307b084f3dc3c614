//! What can go wrong in an evaluation, named by picture, condition and model.

use scribe_records::{Condition, Key};
use std::sync::Arc;
use thiserror::Error;

/// The result of an evaluation.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong.
#[derive(Debug, Error)]
pub enum Error {
    /// The pass contradicts itself.
    #[error("{what} = {value}: expected {expected}")]
    Plan {
        /// Which part of the pass.
        what: &'static str,
        /// What it is.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
    /// Asked to stop; everything committed is kept, and the same command goes on.
    #[error("stopped after {done} of {all} inputs; the same command goes on from there")]
    Stopped {
        /// Inputs that this call finished.
        done: usize,
        /// Inputs that this call had to do.
        all: usize,
    },
    /// A picture or label cannot be loaded.
    #[error("picture {image}: {source}")]
    Data {
        /// The picture's id.
        image: String,
        /// What the data set says.
        source: Arc<scribe_dataset::Error>,
    },
    /// A corruption refused a picture.
    #[error("picture {image}, {condition}: {source}")]
    Corruption {
        /// The picture's id.
        image: String,
        /// The condition.
        condition: Condition,
        /// What the corruption says.
        source: Box<scribe_corruptions::Error>,
    },
    /// A network failed.
    #[error("{key}: {source}")]
    Model {
        /// The prediction.
        key: Box<Key>,
        /// What the network says.
        source: crate::PredictorError,
    },
    /// A network failed at a batch, each picture of which it can predict alone.
    #[error("{key} and {others} more inputs of its batch together: {source}")]
    Batch {
        /// The first prediction of the batch.
        key: Box<Key>,
        /// How many more there are.
        others: usize,
        /// What the network says.
        source: crate::PredictorError,
    },
    /// A result cannot be counted, for example because a label is no class.
    #[error("{key}: {source}")]
    Result {
        /// The prediction.
        key: Box<Key>,
        /// What the accumulator says.
        source: scribe_records::Error,
    },
    /// Moments were asked for a mode whose output is not logits.
    #[error("{key}: moments are sums of logits, but this mode gives {space}")]
    Space {
        /// The prediction.
        key: Box<Key>,
        /// What its values are.
        space: String,
    },
    /// A picture of a panel cannot be written as PNG.
    #[error("{key}: panel: {source}")]
    Panel {
        /// The prediction.
        key: Box<Key>,
        /// What the encoder says.
        source: image::ImageError,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] scribe_records::Error),
}
