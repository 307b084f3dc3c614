//! How many images would show a difference between two models: from the spread of their paired difference.
//!
//! METHODOLOGY.md ("Power") has the formulas and their source.

mod normal;
mod rows;
mod sample_size;
mod text;

pub use rows::{PowerResult, PowerRow, PowerSettings, power};
pub use sample_size::SampleSize;
pub use text::text;

pub(crate) use rows::power_of_view;
pub(crate) use text::images;
