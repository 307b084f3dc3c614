//! One pass of an evaluation: these entrants on the pictures of the run, counted into its store.

use super::panels::panels;
use super::run::Run;
use crate::{progress, records};
use anyhow::Context;
use scribe_dataset::ImageId;
use scribe_eval::{Entrant, Pass, Summary};
use scribe_records::{Manifest, Store};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

/// Conditions of one picture that a network sees in one batch. It decides speed and memory, and is not in the recipe
/// because no result depends on it: a prediction does not depend on the other images of its batch.
pub(super) const CONDITIONS_PER_BATCH: usize = 8;

/// The pictures that a call evaluates and the store that it fills: those of one part, or of the whole run.
pub(super) struct Part {
    pub(super) store: PathBuf,
    pub(super) ids: Vec<ImageId>,
}

impl Part {
    /// The part that the run's folder was opened for.
    ///
    /// # Errors
    /// There are more parts than blocks of pictures, or the pictures were not opened.
    pub(super) fn of(run: &Run) -> anyhow::Result<Part> {
        let all = run.pictures()?.test_ids();
        let Some(shard) = run.dir.part() else {
            return Ok(Part { store: run.dir.store(), ids: all.to_vec() });
        };
        let blocks = run.recipe.eval.moment_blocks;
        shard.check(blocks)?;
        let ids: Vec<_> = all.iter().filter(|id| shard.has(id.as_str(), blocks)).cloned().collect();
        tracing::info!("part {shard}: {} of {} pictures", ids.len(), all.len());
        Ok(Part { store: run.dir.shards().join(shard.file_name()), ids })
    }
}

/// Evaluates what the part's store does not hold yet, with `at_once` entrants working at the same time.
///
/// # Errors
/// When another process writes in the run, the store belongs to another recipe or to other pictures, or the evaluation
/// stops. What was counted is kept.
pub(super) fn evaluate_part(
    run: &Run,
    part: &Part,
    manifest: &Manifest,
    entrants: Vec<Entrant<'_>>,
    at_once: usize,
) -> anyhow::Result<()> {
    let conditions = manifest.conditions();
    tracing::info!(
        "evaluation: {} pictures x {} conditions x {} networks x {} modes",
        part.ids.len(),
        conditions.len(),
        entrants.len(),
        manifest.modes.len()
    );
    let (eval, protocol, pictures) = (&run.recipe.eval, run.protocol()?, run.pictures()?);
    let records = records::wanted(&eval.records, eval.calibration_bins, &manifest.modes, &conditions);
    let bar = OnceLock::new();
    let on_progress = |done: usize, all: usize| {
        bar.get_or_init(|| progress::bar("eval", all as u64, "inputs")).set_position(done as u64);
    };
    let pass = Pass {
        split: pictures.test()?,
        ids: part.ids.clone(),
        view: protocol.view,
        suite: &protocol.suite,
        entrants,
        master_seed: protocol.master_seed,
        batch: CONDITIONS_PER_BATCH,
        moments: records.moments,
        cross_moments: records.cross_moments,
        calibration: records.calibration,
        end: records.end,
        panels: panels(pictures.test_ids(), eval.panels, &conditions),
        conditions,
        threads: rayon::current_num_threads(),
        side_by_side: at_once,
        stop: &run.stop,
        progress: Some(&on_progress),
    };
    let mut store = open_store(run, part, manifest)?;
    let outcome = scribe_eval::run(&pass, &mut store);
    drop(pass);
    if let Some(bar) = bar.into_inner() {
        bar.finish_and_clear();
    }
    store.close()?;
    log_times(&outcome?);
    Ok(())
}

/// Claims the run and opens the part's store, with the recipe beside it.
fn open_store(run: &Run, part: &Part, manifest: &Manifest) -> anyhow::Result<Store> {
    run.dir.claim()?;
    let folder = part.store.parent().context("a store is in the folder of a run")?;
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    if !run.dir.recipe().exists() {
        run.write_recipe()?;
    }
    let (store, known) = Store::resume(&part.store, manifest, run.pictures()?.test_identity()?)?;
    if !known {
        tracing::warn!(
            "{}: an earlier version made it and did not keep which pictures and labels its results are of; \
             taking those that are there now for them",
            part.store.display()
        );
    }
    Ok(store)
}

/// Logs where the time went.
fn log_times(summary: &Summary) {
    let (Some(preparing), Some(inference)) = (summary.preparing_ms(), summary.inference_ms()) else {
        return tracing::info!("nothing was left to do");
    };
    let share = |time: Duration| 100.0 * time.as_secs_f64() / summary.wall.as_secs_f64();
    tracing::info!(
        "{} inputs: {:.1} % of the time in the networks, {:.1} % waiting for pictures, {:.1} % for the recorder",
        summary.inputs,
        100.0 * summary.inference_share(),
        share(summary.waiting),
        share(summary.recorder_waits),
    );
    let recording = 1e3 * summary.recording.as_secs_f64() / summary.inputs as f64;
    tracing::info!(
        "an input took {preparing:.1} ms of CPU to decode and corrupt, {inference:.1} ms in the networks and \
         {recording:.1} ms to count beside them: {:.4} threads that corrupt keep the networks fed",
        summary.feeding_threads().unwrap_or(f64::INFINITY)
    );
}
