//! What can be wrong with a request. Each error names the value and what was expected.

use crate::{SizePolicy, Tolerance, Trial};
use scribe_base::nearest::did_you_mean;

/// The result of this crate's fallible functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A refused request; nothing in this crate fails for any other reason.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The severity is not a whole number from 1 to 5.
    #[error("severity {value:?}: expected a whole number from 1 to 5")]
    Severity {
        /// What was given.
        value: String,
    },
    /// No corruption of this suite has this name.
    #[error(
        "no corruption {name:?} in suite {suite}: {}expected one of {}",
        did_you_mean(name, known.iter().copied()), known.join(", ")
    )]
    UnknownCorruption {
        /// What was given.
        name: String,
        /// The suite.
        suite: String,
        /// The names that it holds.
        known: Vec<&'static str>,
    },
    /// There is no suite of this name.
    #[error("no suite {name:?}: {}expected one of {}", did_you_mean(name, known.iter().copied()), known.join(", "))]
    UnknownSuite {
        /// What was given.
        name: String,
        /// The names of the suites.
        known: Vec<&'static str>,
    },
    /// A condition is not written as `NAME:SEVERITY`.
    #[error("condition {text:?}: expected NAME:SEVERITY, such as gaussian_noise:3")]
    Condition {
        /// What was given.
        text: String,
    },
    /// The picture's size is refused.
    #[error("{corruption}: a picture of {width}x{height} pixels, expected {policy}")]
    Size {
        /// The corruption that refused.
        corruption: &'static str,
        /// Width of the picture, in pixels.
        width: usize,
        /// Height of the picture, in pixels.
        height: usize,
        /// What it accepts.
        policy: SizePolicy,
    },
    /// The buffer's length does not fit the stated size.
    #[error("a buffer of {len} bytes, expected {expected} for {width}x{height} pixels of {channels} bytes")]
    Buffer {
        /// Length of the buffer, in bytes.
        len: usize,
        /// Bytes in a pixel.
        channels: usize,
        /// Stated width, in pixels.
        width: usize,
        /// Stated height, in pixels.
        height: usize,
        /// The length that would fit.
        expected: usize,
    },
    /// The rows do not fit into the buffer.
    #[error(
        "rows {pitch} bytes apart in a buffer of {len} bytes, expected at least {} bytes from row to row and a buffer \
         that holds {height} rows of {width} RGB pixels", width.saturating_mul(3)
    )]
    Rows {
        /// Length of the buffer, in bytes.
        len: usize,
        /// Bytes from the beginning of a row to that of the next.
        pitch: usize,
        /// Stated width, in pixels.
        width: usize,
        /// Stated height, in pixels.
        height: usize,
    },
    /// A value cannot be used.
    #[error("{name}: {value:?}, expected {expected}")]
    Setting {
        /// What the value is for.
        name: &'static str,
        /// What was given.
        value: String,
        /// What can be used.
        expected: &'static str,
    },
    /// The frost textures are not usable.
    #[error("frost textures: {problem}")]
    FrostTextures {
        /// What is wrong and what was expected.
        problem: String,
    },
    /// An implementation is farther from the reference than it declares.
    #[error(
        "{corruption} ({implementation}), severity {} on {}x{} pixels from seed {}: {} levels on {} % of samples, \
         expected {tolerance}",
        trial.severity, trial.width, trial.height, trial.seed, trial.deviation.largest, 100.0 * trial.deviation.share()
    )]
    Tolerance {
        /// The corruption's name.
        corruption: &'static str,
        /// The implementation that was tried.
        implementation: &'static str,
        /// The trial that showed it.
        trial: Trial,
        /// What it declares.
        tolerance: Tolerance,
    },
}
