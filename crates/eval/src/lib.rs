//! Evaluation: every model on the same corrupted bytes, resumable, one pass, many sinks.
//!
//! [`run`] goes through the pictures of a [`Pass`]. A picture is loaded once, brought to its test size and corrupted
//! once for each condition; its bytes are hashed, and every model predicts it in every mode. What the [`Sink`]s gather
//! for one picture under one condition is a [`scribe_records::Unit`], which the store takes whole. Plan = wanted -
//! completed, so a run that was killed goes on where it stopped, and its store ends with the same rows as one that was
//! not.

mod clean;
mod corrupt;
mod error;
mod ordered;
mod pass;
mod plan;
mod predict;
mod predictions;
mod predictor;
mod record;
mod samples;
mod score;
mod sink;
mod sinks;
mod summary;

pub use error::{Error, Result};
pub use pass::{CalibrationWanted, Entrant, MomentsWanted, PanelWanted, Pass};
pub use predictions::{ImageCheck, Predictions, PredictionsError};
pub use predictor::{Picture, Predictor, PredictorError, View, Wants};
pub use sink::{Observation, Sink};
pub use summary::Summary;

use corrupt::Corrupter;
use plan::Plan;
use scribe_records::Store;
use std::time::Instant;

/// Predicts everything that the pass wants and the store has not, and commits it to the store unit by unit.
///
/// Units come in the order of the pass: picture by picture, condition by condition, whatever the number of threads.
///
/// # Errors
/// [`Error::Plan`] before any work if the pass contradicts itself; [`Error::Stopped`] when asked to stop;
/// otherwise whatever the data, a corruption, a model or the store report, with the picture's id. The units committed
/// before are kept in every case.
pub fn run(pass: &Pass<'_>, store: &mut Store) -> Result<Summary> {
    let started = Instant::now();
    pass.check()?;
    let plan = Plan::new(pass, &store.completed()?);
    tracing::info!(
        inputs = plan.jobs.len(),
        predictions = plan.predictions(),
        done_before = plan.done_before,
        threads = pass.threads,
        "evaluation starts"
    );
    let corrupter = Corrupter::new(pass, &plan);
    let ahead = 2 * (pass.batch + pass.threads);
    let work = |index: usize| corrupter.corrupt(index);
    let score = |inputs: &mut dyn Iterator<Item = _>| score::score(pass, &plan, store, inputs);
    let (mut summary, scored) = ordered::ordered(plan.jobs.len(), pass.threads, ahead, work, score);
    scored?;
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
