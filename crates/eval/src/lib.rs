//! Evaluation: every model on the same corrupted bytes, in one pass that can be interrupted and resumed.
//!
#![doc = include_str!("../README.md")]

mod ahead;
mod ask;
mod clean;
mod corrupt;
mod error;
mod mapped;
mod network;
mod pass;
mod plan;
mod predict;
mod predict_all;
mod predictions;
mod predictor;
mod record;
mod samples;
mod scores_at_size;
mod scores_kind;
mod sink;
mod sinks;
mod summary;

/// The crate of the images in this crate's types.
pub use image;

#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub use ask::fuzzing;
pub use ask::{ASK_PROTOCOL, AskError, AskSettings, AskedProgram, Hello as AskHello};
pub use error::{Error, Result};
pub use mapped::Mapped;
pub use pass::{CalibrationWanted, Entrant, MomentsWanted, PanelWanted, Pass};
pub use predictions::{ImageCheck, PredictionFolder, PredictionsError};
pub use predictor::{Picture, Prediction, Predictor, PredictorError, Wants};
pub use summary::Summary;

// The crates that read label maps, learn from them and count them each know the value of void pixels.
const _: () = assert!(scribe_dataset::VOID == scribe_records::VOID);
const _: () = assert!(scribe_model::ops::VOID_LABEL == scribe_records::VOID);

use corrupt::Corrupter;
use plan::Plan;
use scribe_records::Store;
use sink::{Observation, Sink};
use std::time::Instant;

/// Predicts everything that the pass wants and the store lacks, and commits it to the store unit by unit.
///
/// Units come in the order of the pass: image by image, condition by condition, whatever the number of threads. An
/// evaluation that was killed therefore resumes where it stopped, and its store ends with the same rows as if it had not
/// been.
///
/// # Errors
/// [`Error::Setting`] before any work if the pass cannot run; [`Error::Stopped`] if [`Pass::stop`] was set; otherwise what
/// the data set, a corruption, a predictor or the store reports, with the image's id. The units committed before are kept in every case.
pub fn run(pass: &Pass<'_>, store: &mut Store) -> Result<Summary> {
    let started = Instant::now();
    pass.check()?;
    let plan = Plan::new(pass, &store.completed_under(pass.master_seed)?);
    tracing::info!(
        inputs = plan.jobs.len(),
        predictions = plan.predictions(),
        done_before = plan.done_before,
        threads = pass.threads,
        "evaluation starts"
    );
    let corrupter = Corrupter::new(pass, &plan);
    let ahead = || corrupter.ahead();
    let work = |index: usize| corrupter.corrupt(index);
    let predict = |inputs: &mut dyn Iterator<Item = _>| predict_all::predict_all(pass, &plan, store, inputs);
    let mut summary = scribe_base::ordered_within(plan.jobs.len(), pass.threads, &ahead, work, predict)?;
    (summary.loading, summary.corrupting) = corrupter.times();
    summary.wall = started.elapsed();
    tracing::info!(
        inputs = summary.inputs,
        predictions = summary.predictions,
        seconds = format_args!("{:.1}", summary.wall.as_secs_f64()),
        inference_share = format_args!("{:.2}", summary.inference_share()),
        "evaluation ends"
    );
    Ok(summary)
}
