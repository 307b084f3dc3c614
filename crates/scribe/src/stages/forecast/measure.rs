//! Times a few training steps and predictions.

use crate::stages::inferences::inferences;
use crate::stages::pass::pass;
use crate::stages::run::Run;
use crate::stages::train::files_of;
use anyhow::Context;
use candle_core::{Device, Tensor};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use scribe_eval::Entrant;
use scribe_model::{Inference, LocalBatch, Model, PreparedModel};
use scribe_records::{Condition, Manifest, Mode, ModelId, ModelInfo, Store};
use std::time::Instant;

/// Pictures in a timed training step, at most; the whole batch takes proportionally longer.
const PICTURES: usize = 4;
/// Conditions of the first timing of predictions, and of the second where the first was short.
const CONDITIONS: [usize; 2] = [2, 16];
/// Seconds of a timing that is long enough; a shorter one is repeated with more conditions.
const LONG_ENOUGH: f64 = 1.0;

/// What a training costs.
pub(super) struct TrainingCost {
    /// Seconds of one step, while as many networks are trained at once as the run would; 0 where it was not measured.
    pub(super) step_seconds: f64,
    /// Bytes of the files of one training.
    pub(super) files: u64,
}

/// The cost of a training; its step is timed only where `timed` is set.
///
/// # Errors
/// When a network cannot be made or trained.
pub(super) fn training(run: &Run, timed: bool) -> anyhow::Result<TrainingCost> {
    let device = run.device()?;
    let files = files_of(&trained_model(run, &device)?);
    if !timed {
        return Ok(TrainingCost { step_seconds: 0.0, files });
    }
    let networks = run.recipe.trained().count() * run.recipe.seeds.len();
    let times = std::thread::scope(|scope| {
        let start = |_| scope.spawn(|| step(run, &device));
        let all: Vec<_> = (0..run.networks_at_once().min(networks)).map(start).collect();
        let ends = all.into_iter().map(|thread| thread.join().expect("a timed step does not panic"));
        ends.collect::<anyhow::Result<Vec<f64>>>()
    })?;
    Ok(TrainingCost { step_seconds: times.iter().sum::<f64>() / times.len() as f64, files })
}

/// Seconds of a prediction: the answer of one network in one mode to one picture under one condition, with its share of
/// decoding, corrupting and counting.
///
/// # Errors
/// When a network cannot be made or makes no prediction, or a picture cannot be read.
pub(super) fn prediction(run: &Run, wanted: &Manifest) -> anyhow::Result<f64> {
    let (mut seconds, mut predictions) = (0.0, 1);
    for conditions in CONDITIONS {
        (seconds, predictions) = time_predictions(run, wanted, conditions)?;
        if seconds >= LONG_ENOUGH {
            break;
        }
    }
    Ok(seconds / predictions as f64)
}

/// Seconds of a training step with the whole batch.
fn step(run: &Run, device: &Device) -> anyhow::Result<f64> {
    let train = &run.recipe.train;
    let (few, side) = (PICTURES.min(train.batch), train.crop as usize);
    let model = trained_model(run, device)?;
    let pixels = Tensor::rand(-1f32, 1f32, (few, 3, side, side), device)?;
    let labels = vec![0; few * side * side];
    let labels = scribe_model::input::labels(&labels, [few, side, side], device)?;
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut seconds = 0.0;
    // The first step allocates what later ones use again, and does not count.
    for _ in 0..2 {
        let begun = Instant::now();
        let loss = model.record_loss(&pixels, &labels, &mut rng, &LocalBatch::whole(few))?;
        drop(loss.gradients(1.)?);
        seconds = begun.elapsed().as_secs_f64();
    }
    Ok(seconds * train.batch as f64 / few as f64)
}

/// Evaluates freshly drawn networks on the first picture under `some` conditions. Returns the seconds and how many
/// predictions were made.
fn time_predictions(run: &Run, wanted: &Manifest, some: usize) -> anyhow::Result<(f64, usize)> {
    let device = run.device()?;
    let modes = inferences(&run.recipe, &run.recipe.eval.modes)?;
    // A wide network works alone; narrow ones only show their speed together. Two for each place are enough for that, and
    // hundreds of networks would fill the memory for an estimate.
    let several = if run.networks_at_once() > 1 { 2 * run.networks_at_once() } else { 1 };
    let models = wanted.models.iter().take(several).map(|info| fresh_model(run, &info.id, &device));
    let models = models.collect::<anyhow::Result<Vec<_>>>()?;
    let prepared: Vec<_> = models.iter().map(Model::prepare).collect();
    let entrants = wanted.models.iter().zip(&prepared).map(|(info, model)| entrant(info, model, &modes));
    let first = run.pictures()?.test_ids().iter().take(1).cloned().collect();
    let pass = pass(run, first, spread(&wanted.conditions(), some), &wanted.modes, entrants.collect())?;
    let folder = tempfile::tempdir()?;
    let mut store = Store::open_or_resume(&folder.path().join("store.sqlite"), wanted)?;
    let summary = scribe_eval::run(&pass, &mut store)?;
    store.close()?;
    Ok((summary.wall.as_secs_f64(), summary.predictions.max(1)))
}

fn entrant<'a>(info: &ModelInfo, model: &'a PreparedModel<'_>, modes: &[(Mode, Inference)]) -> Entrant<'a> {
    Entrant { id: info.id.clone(), seed: info.seed, predictor: model, modes: modes.to_vec() }
}

/// A freshly drawn network that stands for those that are trained.
fn trained_model(run: &Run, device: &Device) -> anyhow::Result<Model> {
    let first = run.recipe.trained().next().context("a recipe that is trained has a model")?;
    fresh_model(run, &ModelId::new(&first.id)?, device)
}

/// A freshly drawn network of a model of the recipe.
fn fresh_model(run: &Run, id: &ModelId, device: &Device) -> anyhow::Result<Model> {
    let recipe = &run.recipe;
    let wanted = recipe.models.iter().find(|model| model.id == id.as_str());
    let wanted = wanted.context("an entrant is a model of the recipe")?;
    let net = wanted.network_or(&recipe.model);
    let mut model = Model::new(&net, &wanted.objective, recipe.classes().len(), 0, device)?;
    let precision = recipe.precision.unwrap_or_default();
    model.set_precision(precision)?;
    Ok(model)
}

/// `some` evenly spaced conditions, including the first.
fn spread(all: &[Condition], some: usize) -> Vec<Condition> {
    let some = some.min(all.len());
    (0..some).map(|k| all[k * all.len() / some].clone()).collect()
}
