//! What can be wrong with the files of another program's predictions.

use crate::PredictorError;
use std::path::PathBuf;
use thiserror::Error;

/// Why predictions cannot be used; each names the file.
#[derive(Debug, Error)]
pub enum PredictionsError {
    /// The folder does not exist.
    #[error("{}: no such folder", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
    },
    /// Files are missing.
    #[error(
        "{}: {missing} of {wanted} predictions are missing (expected a .png or .npy for each), the first: {first}",
        folder.display()
    )]
    Missing {
        /// The folder.
        folder: PathBuf,
        /// How many are missing.
        missing: usize,
        /// How many there should be.
        wanted: usize,
        /// The first of them.
        first: String,
    },
    /// A file cannot be read.
    #[error("{}: cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A label map cannot be read.
    #[error(transparent)]
    Label(#[from] scribe_dataset::Error),
    /// A label map has a value that is not a class; void is not one here, since a prediction has a class at every pixel.
    #[error(
        "{}: class {value} at x={x}, y={y} (expected a class of 0 to {} at every pixel, and no void)",
        path.display(),
        class_count - 1
    )]
    Class {
        /// The file.
        path: PathBuf,
        /// The value.
        value: u8,
        /// Its column.
        x: u32,
        /// Its row.
        y: u32,
        /// The number of classes.
        class_count: usize,
    },
    /// A label map has another size than the image.
    #[error(
        "{}: {}x{} pixels (expected {}x{}, the size of the corrupted picture)",
        path.display(), found.0, found.1, expected.0, expected.1
    )]
    Size {
        /// The file.
        path: PathBuf,
        /// Its width and height.
        found: (u32, u32),
        /// Those of the image.
        expected: (u32, u32),
    },
    /// A file of scores is of another kind, or cut.
    #[error("{}: {reason} (expected a whole .npy file, as np.save writes it)", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Scores are no floating-point numbers.
    #[error(
        "{}: values of the type {found} (expected float16, float32 or float64, little-endian: the logits themselves; the \
         classes of pixels belong into a .png)",
        path.display()
    )]
    Type {
        /// The file.
        path: PathBuf,
        /// NumPy's name of the type.
        found: String,
    },
    /// Scores do not lie in C order.
    #[error("{}: values in Fortran order (expected C order: np.ascontiguousarray)", path.display())]
    Order {
        /// The file.
        path: PathBuf,
    },
    /// The reader refuses a file whose header is right.
    #[error("{}: cannot be read as an array", path.display())]
    Npy {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        source: candle_core::Error,
    },
    /// Scores have the wrong shape.
    #[error(
        "{}: shape {found:?} (expected [{class_count}, H, W] with H at most {height} and W at most {width})",
        path.display()
    )]
    Shape {
        /// The file.
        path: PathBuf,
        /// Its shape.
        found: Vec<usize>,
        /// The number of classes.
        class_count: usize,
        /// The height of the image.
        height: usize,
        /// The width of the image.
        width: usize,
    },
    /// A score is infinite or not a number.
    #[error("{}: a logit of class {class} is {value} (expected finite numbers)", path.display())]
    NotFinite {
        /// The file.
        path: PathBuf,
        /// The class.
        class: usize,
        /// The score.
        value: f32,
    },
    /// Scores that the mode says are probabilities are not.
    #[error(
        "{}: the score of class {class} is {value} (expected probabilities in [0, 1], averaged over scales, which is what \
         this mode holds; logits belong to the mode single, or to msc-logit where they were averaged)",
        path.display()
    )]
    NotProbabilities {
        /// The file.
        path: PathBuf,
        /// The class.
        class: usize,
        /// The score.
        value: f32,
    },
    /// The probabilities of a pixel do not add up to 1.
    #[error(
        "{}: the probabilities of pixel {pixel} add up to {sum} (expected 1; sigmoids, which need not, belong to the mode \
         msc-sigmoid)",
        path.display()
    )]
    Sum {
        /// The file.
        path: PathBuf,
        /// The pixel, counted row by row.
        pixel: usize,
        /// The sum over the classes.
        sum: f32,
    },
    /// Scores that the mode says are logits are probabilities.
    #[error(
        "{}: these are probabilities: each pixel's add up to 1 (expected logits, which is what this mode holds; write the \
         logits or numpy.log of the probabilities, or use the mode msc if they were averaged over scales)",
        path.display()
    )]
    Probabilities {
        /// The file.
        path: PathBuf,
    },
    /// Scores cannot be brought to the image's size.
    #[error("{}: the scores cannot be brought to the size of the picture", path.display())]
    Upsample {
        /// The file.
        path: PathBuf,
        /// What failed.
        source: candle_core::Error,
    },
    /// The image is not the one that was predicted.
    #[error(transparent)]
    Image(PredictorError),
}
