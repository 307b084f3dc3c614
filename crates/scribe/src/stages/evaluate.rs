//! Shows every picture, clean and corrupted, to every network.

use super::given_predictions::entered;
use super::manifest::{manifest, networks};
use super::{Pictures, RunInputs, TestProtocol, origin, side_by_side, train::write_recipe, weights};
use crate::corrupt_set::MadeSet;
use crate::recipe::Checked;
use crate::run_dir::RunDir;
use crate::shard::Shard;
use crate::{modes, records};
use anyhow::{Context, bail};
use scribe_corruptions::did_you_mean;
use scribe_dataset::{CLASSES, ImageId};
use scribe_eval::{Entrant, PanelWanted, Pass, Predictions, Summary};
use scribe_model::{Inference, Model};
use scribe_records::{Condition, Manifest, Mode, ModelId, ModelInfo, Store};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

/// Conditions of one picture that a network sees in one batch.
pub(super) const BATCH: usize = 8;
/// What Figure 6 can show: the corruptions of the authors' grid and its severities.
const PANEL_CORRUPTIONS: [&str; 5] =
    ["gaussian_noise", "defocus_blur", "snow", "brightness", "elastic_transform"];
const PANEL_SEVERITIES: std::ops::RangeInclusive<u8> = 1..=3;

/// Evaluates what is wanted and not in the run's store yet; with `shard` that part's pictures, into that part's store.
///
/// # Errors
/// When a network is neither trained nor given, or does not fit; when the store belongs to another recipe, or the
/// evaluation stops. What was counted is kept.
pub fn evaluate(
    recipe: &Checked,
    places: &RunInputs,
    run: &RunDir,
    pictures: &Pictures,
    shard: Option<Shard>,
    stop: &AtomicBool,
) -> anyhow::Result<()> {
    check_parts(recipe, shard)?;
    run.claim_if_there()?;
    let shown = TestProtocol::of(recipe, &places.frost)?;
    let infos = networks(recipe, places, run)?;
    let models = load(recipe, places, run, &infos)?;
    let modes = inferences(recipe, &recipe.eval.modes)?;
    let names = modes.iter().map(|(mode, _)| mode.clone()).collect();
    let entrants = infos.iter().zip(&models).map(|(info, model)| Entrant {
        id: info.id.clone(),
        seed: info.seed,
        model,
        modes: modes.clone(),
    });
    let entrants = entrants.collect();
    let manifest = manifest(recipe, pictures, &shown, infos, names)?;
    let show = Show { recipe, run, pictures, shown: &shown, shard, side_by_side: side_by_side(recipe), stop };
    show.run(&manifest, entrants)
}

/// Scores what another program predicted, as one more model of the run.
///
/// # Errors
/// When a prediction is missing or cannot be read, the name is taken, or as [`evaluate`].
pub fn evaluate_predictions(
    recipe: &Checked,
    places: &RunInputs,
    run: &RunDir,
    pictures: &Pictures,
    shard: Option<Shard>,
    theirs: &GivenPredictions,
    stop: &AtomicBool,
) -> anyhow::Result<()> {
    check_parts(recipe, shard)?;
    run.claim_if_there()?;
    if let Some(label) = &theirs.label {
        scribe_records::check_label(label).context("--label")?;
    }
    let shown = TestProtocol::of(recipe, &places.frost)?;
    let id = ModelId::new(&theirs.id).context("--as")?;
    if recipe.models.iter().any(|contestant| contestant.id == theirs.id) {
        bail!("--as {id}: the recipe has a model of that name (expected another name)");
    }
    let set = theirs.corrupted.as_ref().map(|set| MadeSet::open(set, &shown)).transpose()?;
    let predicted = set.map(|set| set.pictures(&pictures.val_ids)).transpose()?;
    let modes = inferences(recipe, std::slice::from_ref(&theirs.mode))?;
    let names = modes.iter().map(|(mode, _)| mode.clone()).collect();
    let show = Show { recipe, run, pictures, shown: &shown, shard, side_by_side: 1, stop };
    let (path, ids) = show.part()?;
    let info = entered(&path, theirs, &pictures.val_ids, &modes[0].1)?;
    check_label_free(recipe, &info)?;
    let manifest = manifest(recipe, pictures, &shown, vec![info], names)?;
    let mut model = Predictions::open(&theirs.folder, CLASSES, &ids, &manifest.conditions())?;
    if let Some(predicted) = predicted {
        model = model.checked(Box::new(move |picture| {
            Ok(predicted.check(picture.id, picture.condition, picture.pixels)?)
        }));
    }
    show.run(&manifest, vec![Entrant { id, seed: 0, model: &model, modes }])
}

/// Refuses the label of one of the recipe's models.
fn check_label_free(recipe: &Checked, info: &ModelInfo) -> anyhow::Result<()> {
    match recipe.models.iter().find(|contestant| contestant.label == info.label) {
        Some(contestant) => bail!(
            "--label {}: the recipe's model `{}` is called so (expected another label: two rows of one name could not be told apart)",
            info.label,
            contestant.id
        ),
        None => Ok(()),
    }
}

/// Where another program's predictions lie, and how they are called.
#[derive(Clone, Debug)]
pub struct GivenPredictions {
    /// The folder.
    pub folder: PathBuf,
    /// The model's id in keys.
    pub id: String,
    /// The model's name in tables; without one, the store's, and a new model's id.
    pub label: Option<String>,
    /// The mode under which they are entered.
    pub mode: String,
    /// The corrupted set that was predicted, which must then hold what the recipe tests.
    pub corrupted: Option<Corrupted>,
}

/// A corrupted set on disk, as another program predicted it.
#[derive(Clone, Debug)]
pub struct Corrupted {
    /// The folder.
    pub folder: PathBuf,
    /// The command that makes the set that the recipe tests, which errors show.
    pub remake: String,
}

impl Corrupted {
    /// Refuses a set that was made with other settings than the recipe tests with, before any picture is opened.
    ///
    /// # Errors
    /// Names every setting that differs and the command that makes the right set, or says that the folder is no
    /// corrupted set.
    pub fn check(&self, recipe: &Checked, places: &RunInputs) -> anyhow::Result<()> {
        MadeSet::open(self, &TestProtocol::of(recipe, &places.frost)?).map(|_| ())
    }
}

/// What evaluations of networks and of predictions share.
struct Show<'a> {
    recipe: &'a Checked,
    run: &'a RunDir,
    pictures: &'a Pictures,
    shown: &'a TestProtocol,
    shard: Option<Shard>,
    side_by_side: usize,
    stop: &'a AtomicBool,
}

impl Show<'_> {
    fn run(&self, manifest: &Manifest, entrants: Vec<Entrant<'_>>) -> anyhow::Result<()> {
        let (path, ids) = self.part()?;
        let (recipe, eval, conditions) = (self.recipe, &self.recipe.eval, manifest.conditions());
        let records = records::wanted(&eval.records, eval.calibration_bins, &manifest.modes, &conditions);
        tracing::info!(
            "evaluation: {} pictures x {} conditions x {} networks x {} modes",
            ids.len(),
            conditions.len(),
            entrants.len(),
            manifest.modes.len()
        );
        let bar = OnceLock::new();
        let hears = |done: usize, all: usize| {
            let bar = bar.get_or_init(|| crate::progress::bar("eval", all as u64, "inputs"));
            bar.set_position(done as u64);
        };
        let pass = Pass {
            split: self.pictures.test()?,
            ids,
            view: self.shown.view,
            suite: &self.shown.suite,
            entrants,
            master_seed: self.shown.master_seed,
            batch: BATCH,
            moments: records.moments,
            cross_moments: records.cross_moments,
            calibration: records.calibration,
            end: records.end,
            panels: panels(recipe, self.pictures, &conditions),
            conditions,
            threads: rayon::current_num_threads(),
            side_by_side: self.side_by_side,
            stop: self.stop,
            progress: Some(&hears),
        };
        self.run.claim()?;
        let folder = path.parent().context("a store lies in a run's folder")?;
        std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        if !self.run.recipe().exists() {
            write_recipe(recipe, self.run)?;
        }
        let (mut store, known) = Store::resume(&path, manifest, self.pictures.test_identity()?)?;
        if !known {
            tracing::warn!(
                "{}: an earlier version made it and did not keep which pictures and labels its results are of; \
                 taking those that lie there now for them",
                path.display()
            );
        }
        let outcome = scribe_eval::run(&pass, &mut store);
        drop(pass);
        if let Some(bar) = bar.into_inner() {
            bar.finish_and_clear();
        }
        store.close()?;
        tell(&outcome?);
        Ok(())
    }

    /// The store and the pictures of the part, or of the whole.
    fn part(&self) -> anyhow::Result<(PathBuf, Vec<ImageId>)> {
        let all = &self.pictures.val_ids;
        let Some(shard) = self.shard else { return Ok((self.run.store(), all.clone())) };
        let blocks = self.recipe.eval.moment_blocks;
        let folder = self.run.shards();
        let ids: Vec<_> = all.iter().filter(|id| shard.has(id.as_str(), blocks)).cloned().collect();
        tracing::info!("part {shard}: {} of {} pictures", ids.len(), all.len());
        Ok((folder.join(shard.file_name()), ids))
    }
}

/// Refuses more parts than there are blocks, before anything else.
fn check_parts(recipe: &Checked, shard: Option<Shard>) -> anyhow::Result<()> {
    shard.map_or(Ok(()), |shard| shard.check(recipe.eval.moment_blocks))
}

/// Where the time went, as measured.
fn tell(summary: &Summary) {
    let (Some(preparing), Some(inference)) = (summary.preparing_ms(), summary.inference_ms()) else {
        return tracing::info!("nothing was left to do");
    };
    let share = |time: std::time::Duration| 100.0 * time.as_secs_f64() / summary.wall.as_secs_f64();
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

fn load(
    recipe: &Checked,
    places: &RunInputs,
    run: &RunDir,
    infos: &[ModelInfo],
) -> anyhow::Result<Vec<Model>> {
    let device = scribe_model::device::pick(&places.device)?;
    let objective = |id: &str| recipe.models.iter().find(|contestant| contestant.id == id);
    let load = |info: &ModelInfo| {
        let contestant = objective(info.id.as_str()).context("the manifest follows from the recipe")?;
        let path = weights::path(places, run, &contestant.id, info.seed);
        let loaded = Model::load(&recipe.model, &contestant.objective, CLASSES, &path, &device);
        let (mut model, report) = loaded.with_context(|| format!("weights for {}", contestant.label))?;
        if places.weights.contains_key(&contestant.id) {
            origin::tell(&contestant.label, &path, &report);
        }
        model.set_precision(recipe.precision.unwrap_or_default())?;
        Ok(model)
    };
    infos.iter().map(load).collect()
}

pub(super) fn inferences(recipe: &Checked, names: &[String]) -> anyhow::Result<Vec<(Mode, Inference)>> {
    let eval = &recipe.eval;
    let one = |name: &String| {
        let inference = modes::inference(name, &eval.scales, eval.flip);
        let hint = did_you_mean(name, modes::NAMES);
        let inference = inference
            .with_context(|| format!("mode {name}: {hint}expected one of {}", modes::NAMES.join(", ")))?;
        Ok((Mode::new(name)?, inference))
    };
    names.iter().map(one).collect()
}

/// The first pictures, clean and under what Figure 6 shows.
fn panels(recipe: &Checked, pictures: &Pictures, conditions: &[Condition]) -> Vec<PanelWanted> {
    let shown = |condition: &&Condition| {
        let severity = PANEL_SEVERITIES.contains(&condition.severity);
        condition.is_clean() || severity && PANEL_CORRUPTIONS.contains(&condition.corruption.as_str())
    };
    let conditions: Vec<_> = conditions.iter().filter(shown).cloned().collect();
    let first = pictures.val_ids.iter().take(recipe.eval.panels);
    first.map(|image| PanelWanted { image: image.clone(), conditions: conditions.clone() }).collect()
}
