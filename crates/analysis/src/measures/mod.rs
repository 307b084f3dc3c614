//! What is computed from sums over pictures: dimensionality, CKA, calibration, END, each with an interval by blocks of pictures.
//!
//! The store keeps these sums by blocks of pictures (FORMAT.md, `moment_blocks`), since single pictures' would be too large. A
//! resample draws as many blocks as hold pictures, with replacement; with 16 blocks the ends of an interval are rough.

mod draws;
mod kind;
mod measure;
mod reliability;
mod sums;

pub use draws::Measured;
pub use kind::{BlockSums, Kind};
pub use measure::{Measure, cka, measures_of};
pub use reliability::{Reliability, ReliabilityPoint, bins_of, reliability};
pub(crate) use sums::{NO_VARIANCE, class_mean_covariance, pixel_covariance};
pub use sums::{class_mean_sums, pixel_sums};
