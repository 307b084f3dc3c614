//! Tables, figures and statistics from the records alone; links no network.
//!
//! [`load()`] turns a run's store into a [`View`], typed maps in memory. Tables ([`tables`]) and figures ([`figures`]) are data computed
//! from a view; [`render`] turns them into text and pictures; [`write_report`] does all of it into a folder.
//! Nothing here reads a clock or the environment: the same store gives the same bytes.

// The made-up view of `tests/common` is shared with the tests outside of the crate, which call it by its name.
#[cfg(test)]
extern crate self as scribe_analysis;

pub mod bootstrap;
pub mod check_paper;
pub mod classes;
pub mod contents;
pub mod correlation;
pub mod error;
pub mod errors;
pub mod extra;
pub mod figures;
pub(crate) mod format;
pub mod load;
pub mod measures;
pub mod names;
pub mod reference;
pub mod render;
pub mod report;
pub mod seeds;
pub mod sentences;
pub mod spectrum;
pub mod summary;
pub mod tables;
#[cfg(test)]
mod tests;
pub mod view;
pub mod wiggle;
pub mod worst;

pub use bootstrap::{Bootstrap, Interval, Resampled};
pub use check_paper::check_paper;
pub use classes::{ClassIous, ClassSet};
pub use contents::contents;
pub use error::{Error, Result};
pub use extra::{Curve, ReportExtra};
pub use load::load;
pub use report::{terminal, write_contents, write_report};
pub use spectrum::{Channels, Spectrum, SpectrumOf, explained_variance};
pub use summary::{Cells, ModelResults, Over, Results};
pub use tables::{Table, table1, table2};
pub use view::{About, Cell, PanelView, Start, View};
