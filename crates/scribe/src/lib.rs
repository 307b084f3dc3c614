//! The composition root: recipes, the stages of a run, and where a run's files lie.
//!
//! A recipe is read and checked once at the top ([`Recipe::load`]) and passed down as plain structs. The stages
//! ([`open_data`], [`train_all`], [`evaluate`], [`report`]) start from files and leave files, so that each goes on where an
//! earlier call stopped.

mod contact_sheet;
mod corrupt_set;
mod lists;
mod lock;
mod modes;
mod preset;
mod progress;
mod recipe;
mod records;
mod run_dir;
mod shard;
mod stages;

pub use contact_sheet::sheet;
pub use corrupt_set::{CorruptSet, Forecast, Summary as SetSummary, Times, Verified, verify as verify_set};
pub use lists::check_list;
pub use preset::names as preset_names;
pub use progress::{
    SECONDS as PROGRESS_SECONDS, TARGET as PROGRESS_TARGET, bar as progress_bar, clear_bars, lines_every,
};
pub use recipe::{Checked, Recipe, only_view};
pub use run_dir::RunDir;
pub use shard::Shard;
pub use stages::{
    Corrupted, GivenPredictions, Need, Run, RunInputs, Stages, TEST_LIST, TestProtocol, check_corrupted,
    evaluate, evaluate_predictions, forecast, merge, report, suite, train_all,
};

/// README's Rust, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}
