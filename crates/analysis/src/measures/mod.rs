//! What is computed from sums over pictures: dimensionality, CKA, calibration, END, each with an interval by blocks of pictures.
//!
//! The store keeps these sums by blocks of pictures (FORMAT.md, `moment_blocks`), since single pictures' would be too large. A
//! resample draws as many blocks as hold pictures, with replacement; with 16 blocks the ends of an interval are rough.

mod draws;
mod kind;
pub(crate) mod measure;
mod reliability;
mod sums;

pub(crate) use draws::Measured;
pub use kind::{BlockSums, Kind};
pub(crate) use measure::{Measure, measures_of};
pub(crate) use reliability::{Reliability, bins_of, reliability};
pub(crate) use sums::{NO_VARIANCE, class_mean_covariance, pixel_covariance};
pub(crate) use sums::{class_mean_sums, pixel_sums};
