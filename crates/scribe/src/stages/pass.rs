//! One pass of an evaluation: entrants answer for the pictures of a run, and the store keeps what is counted.

use super::changed_given::explained;
use super::given_conditions::Given;
use super::kept_recipe;
use super::panels::panels;
use super::run::Run;
use crate::{counted, progress};
use anyhow::Context;
use scribe_base::human;
use scribe_dataset::ImageId;
use scribe_eval::{Entrant, Pass, Summary};
use scribe_records::{Condition, Manifest, Mode, Store};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Conditions of one picture that a network sees in one batch. It decides speed and memory, and is not in the recipe
/// because no result depends on it: on a CPU a prediction does not depend on the other images of its batch.
const CONDITIONS_PER_BATCH: usize = 8;
/// Bytes that the scores of a batch may take on a GPU, which a batch must fill: more than all conditions of most pictures need.
/// With it, no map of a network has 2^31 numbers, which not every engine of cuDNN takes, also where inference at several scales
/// enlarges pictures.
const GPU_SCORE_BYTES: u64 = 2 << 30;
/// Threads that predict on a GPU: one batch is computed, one is copied, and the next waits for its turn.
const PREDICTOR_THREADS: usize = 3;

/// Bytes that the scores of a batch may take that a program is asked for, on a GPU too: they come through a pipe.
const ASKED_SCORE_BYTES: u64 = 256 << 20;

/// Where the predictions of a pass come from; it decides the words of the log alone.
#[derive(Clone, Copy)]
pub(super) enum Source {
    /// They are computed.
    Networks,
    /// Another program's files are read.
    Files,
}

impl Source {
    fn entrant(self) -> &'static str {
        match self {
            Source::Networks => "network",
            Source::Files => "model",
        }
    }

    fn place(self) -> &'static str {
        match self {
            Source::Networks => "in the networks",
            Source::Files => "reading predictions",
        }
    }
}

/// The images that a call evaluates and the store that it fills: those of one shard, or of the whole run.
pub(super) struct Scope {
    pub(super) store: PathBuf,
    pub(super) image_ids: Vec<ImageId>,
}

impl Scope {
    /// The scope that the run's folder was opened for.
    ///
    /// # Errors
    /// There are more shards than blocks of images, or the pictures were not opened.
    pub(super) fn of(run: &Run) -> anyhow::Result<Scope> {
        let all = run.pictures()?.test_ids();
        let store = run.dir.own_store();
        let Some(shard) = run.dir.shard() else {
            return Ok(Scope { store, image_ids: all.to_vec() });
        };
        let blocks = run.recipe.eval.moment_blocks;
        shard.check(blocks)?;
        let image_ids: Vec<_> = all.iter().filter(|id| shard.has(id.as_str(), blocks)).cloned().collect();
        if image_ids.is_empty() {
            tracing::warn!(
                "shard {shard}: this shard holds no picture of the {}; fewer shards would share the work as well",
                all.len()
            );
        } else {
            tracing::info!("shard {shard}: {} of {} pictures", image_ids.len(), all.len());
        }
        Ok(Scope { store, image_ids })
    }
}

/// The pass over these images under these conditions as the recipe describes it, without panels.
///
/// # Errors
/// The test pictures were not opened, or the pictures that frost needs cannot be read.
pub(super) fn pass<'a>(
    run: &'a Run,
    image_ids: Vec<ImageId>,
    conditions: Vec<Condition>,
    modes: &[Mode],
    entrants: Vec<Entrant<'a>>,
) -> anyhow::Result<Pass<'a>> {
    let (eval, protocol) = (&run.recipe.eval, run.protocol()?);
    // On a GPU all conditions of a picture, so that one batch follows from the recipe alone: where cuDNN takes another engine for
    // another number of images, the last digits depend on it.
    let batch = if run.on_gpu() { conditions.len().max(1) } else { CONDITIONS_PER_BATCH };
    let pass = Pass::new(run.pictures()?.test()?, &protocol.suite, entrants);
    let score_bytes = if run.on_gpu() { GPU_SCORE_BYTES } else { pass.score_bytes };
    let pass = pass
        .score_bytes(score_bytes)
        .image_ids(image_ids)
        .view(protocol.view)
        .corruption_place(protocol.corruption_place)
        .conditions(conditions)
        .master_seed(protocol.master_seed)
        .batch(batch)
        .threads(rayon::current_num_threads())
        .side_by_side(run.networks_at_once())
        .stop(&run.stop);
    Ok(counted::counting(pass, &eval.records, eval.calibration_bins, modes))
}

/// How much is predicted at the same time. No result depends on it.
pub(super) struct AtOnce {
    /// Entrants that work beside each other.
    pub(super) networks: usize,
    /// Threads that do nothing but predict.
    pub(super) threads: usize,
    /// The pictures of a batch that a program is asked for, where that is more than the usual number; 0 without a program.
    pub(super) pictures: usize,
}

impl AtOnce {
    /// One entrant, in batches of the usual size.
    pub(super) const ONE: AtOnce = AtOnce { networks: 1, threads: 0, pictures: 0 };

    /// The networks of a run.
    pub(super) fn networks_of(run: &Run) -> AtOnce {
        if run.on_gpu() {
            // Whole batches, whose size no number of threads decides.
            return AtOnce { threads: PREDICTOR_THREADS, ..AtOnce::ONE };
        }
        AtOnce { networks: run.networks_at_once(), ..AtOnce::ONE }
    }

    fn applied_to(self, pass: Pass<'_>) -> Pass<'_> {
        let pass = pass.side_by_side(self.networks).predictor_threads(self.threads);
        if self.pictures == 0 {
            return pass;
        }
        let batch = pass.batch.max(self.pictures);
        pass.batch(batch).score_bytes(ASKED_SCORE_BYTES)
    }
}

/// Evaluates what the store does not hold yet.
///
/// # Errors
/// When another process writes in the run, the store belongs to another recipe or to other pictures, or the evaluation
/// stops. What was counted is kept.
pub(super) fn run_pass(
    run: &Run,
    scope: &Scope,
    manifest: &Manifest,
    entrants: Vec<Entrant<'_>>,
    (source, at_once): (Source, AtOnce),
) -> anyhow::Result<()> {
    let conditions = manifest.conditions();
    tracing::info!(
        "evaluation: {} x {} x {} x {}",
        human::count(scope.image_ids.len(), "picture"),
        human::count(conditions.len(), "condition"),
        human::count(entrants.len(), source.entrant()),
        human::count(manifest.modes.len(), "mode")
    );
    let bar: Mutex<Option<progress::Bar>> = Mutex::new(None);
    let on_progress = |done: usize, all: usize| {
        let mut bar = bar.lock().unwrap_or_else(PoisonError::into_inner);
        if done == 0
            && let Some(earlier) = bar.take()
        {
            earlier.finish_and_clear();
        }
        bar.get_or_insert_with(|| progress::bar("eval", all as u64, "inputs")).set_position(done as u64);
    };
    let panels = panels(run.pictures()?.test_ids(), run.recipe.eval.panels, &conditions);
    let given = run.pictures()?.given();
    let made = conditions.into_iter().filter(|c| given.iter().all(|given| given.condition != *c)).collect();
    let pass = pass(run, scope.image_ids.clone(), made, &manifest.modes, entrants)?;
    let pass = at_once.applied_to(pass.panels(panels).on_progress(&on_progress));
    let mut store = open_store(run, scope, manifest)?;
    say_what_else_is_kept(&store, manifest);
    let outcome = run_all(pass, given, manifest, &mut store);
    if let Some(bar) = bar.into_inner().unwrap_or_else(PoisonError::into_inner) {
        bar.finish_and_clear();
    }
    store.close()?;
    log_times(source, &outcome?);
    Ok(())
}

/// The pass itself, then the pictures that are given, then the further draws of the corruptions.
fn run_all<'a>(
    mut pass: Pass<'a>,
    given: &'a [Given],
    manifest: &Manifest,
    store: &mut Store,
) -> scribe_eval::Result<Summary> {
    let test = pass.split;
    let mut summary = scribe_eval::run(&pass, store)?;
    for given in given {
        // The same entrants and records, on the pictures that are given; nothing is compared with clean ones there.
        pass.split = &given.split;
        pass.conditions = vec![given.condition.clone()];
        pass.given = pass.conditions.clone();
        pass.moments.conditions = pass.conditions.clone();
        pass.cross_moments.conditions = Vec::new();
        summary = scribe_eval::run(&pass, store)?;
    }
    pass.split = test;
    for &seed in &manifest.further_seeds {
        tracing::info!("the corruptions that draw, once more under master seed {seed}");
        pass = pass.of_further_seed(seed, manifest.drawn_conditions());
        summary = scribe_eval::run(&pass, store)?;
    }
    Ok(summary)
}

/// Claims the run and opens the store, with the recipe next to it.
fn open_store(run: &Run, scope: &Scope, manifest: &Manifest) -> anyhow::Result<Store> {
    run.dir.claim()?;
    let folder = scope.store.parent().context("a store is in the folder of a run")?;
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    if !run.dir.recipe().exists() {
        run.write_recipe()?;
    }
    let is_new = !scope.store.exists();
    let resumed = Store::resume(&scope.store, manifest, run.pictures()?.test_identity()?);
    let (store, known) = resumed.map_err(|error| explained(run, &scope.store, error))?;
    if !known {
        tracing::warn!(
            "{}: an earlier version made it and did not keep which pictures and labels its results are of; \
             taking those that are there now for them",
            scope.store.display()
        );
    }
    // Not before the store has taken the settings of this call.
    kept_recipe::update(run, &store, manifest, is_new)?;
    Ok(store)
}

/// Names the draws of the corruptions that the store has and this call does not ask for: a report is over all of them.
fn say_what_else_is_kept(store: &Store, wanted: &Manifest) {
    let kept = store.manifest().further_seeds.iter().filter(|seed| !wanted.further_seeds.contains(seed));
    let kept: Vec<String> = kept.map(u64::to_string).collect();
    if !kept.is_empty() {
        tracing::info!(
            "the store also keeps the draws of the corruptions under master {} {}: a report is over all draws of the store",
            if kept.len() == 1 { "seed" } else { "seeds" },
            kept.join(", ")
        );
    }
}

/// Logs where the time went.
fn log_times(source: Source, summary: &Summary) {
    let (Some(preparing), Some(answers)) = (summary.preparing_ms(), summary.inference_ms()) else {
        return tracing::info!("nothing was left to do");
    };
    let share = |time: Duration| 100.0 * time.as_secs_f64() / summary.wall.as_secs_f64();
    let place = source.place();
    tracing::info!(
        "{}: {:.1} % of the time {place}, {:.1} % waiting for pictures, {:.1} % for the recorder",
        human::count(summary.inputs, "input"),
        100.0 * summary.inference_share(),
        share(summary.waiting),
        share(summary.recorder_waits),
    );
    let recording = 1e3 * summary.recording.as_secs_f64() / summary.inputs as f64;
    let feeding = match source {
        Source::Networks => {
            let threads = summary.feeding_threads().unwrap_or(f64::INFINITY);
            format!(": {threads:.2} threads that corrupt keep the networks fed")
        }
        // Files ask for no pictures.
        Source::Files => String::new(),
    };
    tracing::info!(
        "an input took {preparing:.1} ms of CPU to decode and corrupt, {answers:.1} ms {place} and {recording:.1} ms to count \
         beside them{feeding}"
    );
}
