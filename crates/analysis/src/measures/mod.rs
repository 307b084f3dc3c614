//! Measures that are computed from sums over pixels: dimensionality, CKA, calibration and END.
//!
//! The store keeps these sums by blocks of pictures (FORMAT.md, `moment_blocks`), since the sums of each picture
//! would take too much room. For an interval, a resample draws as many blocks as have pictures, with replacement.
//! With 16 blocks the ends of an interval are rough.

mod draws;
mod kind;
pub(crate) mod measure;
mod reliability;
pub(crate) mod selective;
mod sums;

pub(crate) use draws::Measured;
pub use kind::{BlockSums, Kind};
pub(crate) use measure::{Measure, Scored, measures_of};
pub(crate) use reliability::{Reliability, bins_of, reliability};
pub(crate) use sums::{NO_VARIANCE, class_mean_covariance, pixel_covariance};
pub(crate) use sums::{class_mean_sums, pixel_sums};
