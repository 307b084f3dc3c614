//! Thresholds that a run must pass: the values of one run, and its differences to a baseline run.
//!
//! A threshold is text such as `rPC>=60` ([`Threshold::parse`] has the grammar). [`gate()`] judges a list of them by values
//! and the bounds of their intervals, and [`text()`], [`to_markdown`] and [`junit`] say what came out.

mod baseline;
mod case;
mod file;
mod judge;
mod kind;
mod measure;
mod numbers;
mod place;
mod result;
mod rule;
mod scope;
mod scored_run;
mod settings;
mod subject;
mod target;
mod text;
mod threshold;
mod values;

pub use file::GateFile;
pub use judge::gate;
pub use kind::Kind as ThresholdKind;
pub use result::{GateResult, Verdict};
pub use scored_run::ScoredRun;
pub use settings::GateSettings;
pub use text::{junit, text, to_markdown};
pub use threshold::Threshold;

pub(crate) use baseline::Joined;
pub(crate) use measure::Unit;
pub(crate) use subject::{Chosen, Subject, subjects};
pub(crate) use target::Target;
pub(crate) use values::Values;
