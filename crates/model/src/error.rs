//! The errors of this crate.

use crate::weights::{FileKind, PthError};
use candle_core::DType;
use std::path::PathBuf;

/// The errors of this crate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting has a value outside its range.
    #[error("{name} = {value}: expected {expected}")]
    Setting {
        /// The name of the setting.
        name: &'static str,
        /// The value that was given.
        value: String,
        /// The range or form that was expected.
        expected: &'static str,
    },
    /// A device name that this build cannot use.
    #[error("device {name:?}: {reason}")]
    Device {
        /// The name that was given.
        name: String,
        /// Why it cannot be used.
        reason: String,
    },
    /// A buffer whose length is not that of its shape.
    #[error("{what}: {found} values given, {expected} expected from the shape {shape:?}")]
    Length {
        /// The contents of the buffer.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length that follows from the shape.
        expected: usize,
        /// The shape.
        shape: Vec<usize>,
    },
    /// Images or labels of a shape or an element type that a network does not take.
    #[error("{what}: expected {expected}, got {found:?} of {dtype:?}")]
    Input {
        /// `images` or `labels`.
        what: &'static str,
        /// The shape and the type that were expected.
        expected: String,
        /// The shape that was given.
        found: Vec<usize>,
        /// The element type that was given.
        dtype: DType,
    },
    /// A network whose outputs are no numbers.
    #[error(
        "the network's outputs hold NaN or infinite numbers: with these weights its sums leave the range of the number \
         type (expected finite outputs; train it again with a lower learning rate, or compute with precision f32)"
    )]
    NotFinite,
    /// Batch statistics over a single value have no variance.
    #[error(
        "batch norm {layer} has one value per channel in training, expected at least 2: give it 2 images or more, or \
         larger ones (unless the layer comes after a mean over each image)"
    )]
    OneValue {
        /// The layer's name.
        layer: String,
    },
    /// A score space that this objective does not have.
    #[error(
        "score space {space} needs an implicit background, objective {objective} learns its background logit"
    )]
    Space {
        /// The space that was asked for.
        space: &'static str,
        /// The objective's name.
        objective: &'static str,
    },
    /// A file that holds no weights.
    #[error("{}: {}", path.display(), kind.advice(path))]
    NotWeights {
        /// The file.
        path: PathBuf,
        /// What it is.
        kind: FileKind,
    },
    /// A file that PyTorch wrote and that cannot be read.
    #[error("{path}: a PyTorch file that cannot be read")]
    Pth {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: PthError,
    },
    /// A file that does not hold all of the backbone's tensors.
    #[error(
        "{path}: not a whole backbone of this network: {missing} of its tensors are missing, the first is {first} \
         (expected torchvision's ResNet-50, alone or as the backbone of a DeepLab)"
    )]
    Backbone {
        /// The file.
        path: PathBuf,
        /// The number of missing tensors.
        missing: usize,
        /// The name of the first one, as the network calls it.
        first: String,
    },
    /// A weight file that is damaged, or whose names are not the network's.
    #[error("{path}: {reason}")]
    Weights {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A tensor in a file whose shape is not the network's.
    #[error(
        "{path}: tensor {tensor} has shape {found:?}, the network expects {expected:?} ({others} more differ)"
    )]
    Shape {
        /// The file.
        path: PathBuf,
        /// Name of the tensor, as the network calls it.
        tensor: String,
        /// Shape in the file.
        found: Vec<usize>,
        /// Shape in the network.
        expected: Vec<usize>,
        /// How many other tensors differ too.
        others: usize,
    },
    /// A network in a file that was made for another number of classes.
    #[error("{path}: its network has {found} outputs (expected {expected}, for {class_count} classes)")]
    Outputs {
        /// The file.
        path: PathBuf,
        /// The outputs of the network in the file.
        found: usize,
        /// The outputs of this network: its classes, without the background where the objective derives it.
        expected: usize,
        /// The classes of this network, background included.
        class_count: usize,
    },
    /// A checkpoint that does not hold exactly the network's tensors.
    #[error(
        "{path}: not a checkpoint of this network: {missing} tensors are missing (first: {first_missing}), \
         {unused} have no place (first: {first_unused})"
    )]
    Incomplete {
        /// The file.
        path: PathBuf,
        /// The number of missing tensors.
        missing: usize,
        /// Name of the first missing one, or `-`.
        first_missing: String,
        /// Number of tensors without a place.
        unused: usize,
        /// Name of the first one without a place, or `-`.
        first_unused: String,
    },
    /// A file that cannot be read.
    #[error("{path}: cannot be read")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A file that cannot be written.
    #[error(transparent)]
    Write(#[from] scribe_base::atomic_file::WriteError),
    /// An operation on tensors failed.
    #[error(transparent)]
    Tensor(#[from] candle_core::Error),
}

/// The result of this crate's functions.
pub type Result<T> = std::result::Result<T, Error>;

/// For candle's traits, whose functions return candle's error. An error of a tensor stays itself.
impl From<Error> for candle_core::Error {
    fn from(error: Error) -> candle_core::Error {
        match error {
            Error::Tensor(error) => error,
            other => candle_core::Error::wrap(other),
        }
    }
}
