//! Tools that several crates of scribe need and that know nothing of segmentation.
//!
#![doc = include_str!("../README.md")]

#[cfg(feature = "files")]
pub mod atomic_file;
#[cfg(feature = "digest")]
pub mod digest;
pub mod excerpt;
pub mod file_kind;
pub mod human;
pub mod kill_point;
#[cfg(feature = "lock")]
pub mod lock;
pub mod name;
#[cfg(feature = "nearest")]
pub mod nearest;
mod ordered;
#[cfg(feature = "files")]
mod partial;
pub mod progress;
pub mod simd;
pub mod text_file;

pub use ordered::{ordered, ordered_within};
