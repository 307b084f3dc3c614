//! Statistics, tables and figures of a segmentation's robustness, from counts alone: no network is run.
//!
#![doc = include_str!("../README.md")]

// The made-up view of `tests/common` is shared with the tests outside of the crate, which call it by its name.
#[cfg(test)]
extern crate self as scribe_analysis;

pub mod audit;
mod bootstrap;
pub mod check_paper;
mod class_correlations;
mod classes;
mod contents;
mod conventions;
mod correlation;
mod draws;
mod error;
mod errors;
mod extra;
mod figures;
mod format;
pub mod gate;
mod given;
mod hashed_inputs;
mod hint;
mod label_shift;
mod load;
pub mod measures;
pub mod names;
mod one_class;
pub mod power;
pub mod reference;
mod render;
mod report;
mod score;
mod seeds;
mod sentences;
mod spectrum;
mod summary;
mod tables;
#[cfg(test)]
mod tests;
mod unfinished;
mod unmapped;
mod variance;
mod verdict;
mod view;
mod wiggle;
mod worst;

pub use bootstrap::{Bootstrap, Interval, Resampled};
pub use check_paper::check_paper;
pub use contents::{Contents, contents};
pub use conventions::{Convention, score_by_conventions};
pub use error::{Error, Result};
pub use extra::{Curve, ReportExtra};
pub use figures::figure6_shows;
pub use hashed_inputs::HashedInputs;
pub use load::load;
pub use report::{terminal, write_contents, write_report};
pub use score::{Score, score_maps};
pub use summary::{ModeChoice, ModelResults, Quantity, Results};
pub use view::{About, Cell, FittedTemperature, FurtherDraw, PanelView, Start, View};
