//! The part of `scribe` that its tests can call: recipes, the folder of a run, and the stages of a run.
//!
//! This is not a library for other programs. Its interface changes without notice, and its errors are [`anyhow::Error`],
//! made to be read on a terminal. To build on scribe, use the crates below it, such as `scribe-corruptions`,
//! `scribe-model` and `scribe-eval`, which return typed errors.
//!
//! A recipe is read and checked once ([`Recipe::load`]), and a [`Run`] carries it to the stages ([`train_all`],
//! [`evaluate`], [`report`]). Each stage starts from files and leaves files, so that it resumes where an earlier call stopped.

mod check_list;
mod contact_sheet;
mod counted;
mod listed;
mod modes;
mod preset;
mod progress;
mod recipe;
mod run_dir;
mod shard;
mod stages;
mod suites;

pub use check_list::check_list;
pub use contact_sheet::sheet;
pub use preset::names as preset_names;
pub use progress::{
    Bar, SECONDS as PROGRESS_SECONDS, TARGET as PROGRESS_TARGET, bar as progress_bar, clear_bars, lines_every,
};
pub use recipe::{CheckedRecipe, NetworkName, Recipe};
pub use run_dir::RunDir;
pub use shard::Shard;
pub use stages::{
    Checked, CorruptedSet, EnteredAs, GivenNetwork, GivenPredictions, GivenProgram, Need, Run, RunInputs,
    Stages, TEST_LIST, TestProtocol, check_corrupted, evaluate, evaluate_predictions, evaluate_program,
    forecast, merge, overlap_of_lists, report, suite, tested_pictures, train_all, verify,
};

/// README's Rust, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
mod readme {}
