//! A few steps and predictions, timed.

use super::super::train::files_of;
use super::super::{RunInputs, TestProtocol, evaluate, side_by_side};
use super::pictures::Sample;
use crate::recipe::Checked;
use crate::records;
use candle_core::{DType, Device, Tensor};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use scribe_dataset::CLASSES;
use scribe_eval::{Entrant, Pass};
use scribe_model::Model;
use scribe_records::{Condition, Manifest, Store};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// Pictures in a timed training step, at most; the whole batch takes proportionally longer.
const PICTURES: usize = 4;
/// Conditions of the first timing of predictions, and of the second where the first was short.
const CONDITIONS: [usize; 2] = [2, 16];
/// A timing that took less is repeated with more.
const SHORT: f64 = 1.0;

/// What is measured with.
pub(super) struct Measure<'a> {
    pub recipe: &'a Checked,
    pub places: &'a RunInputs,
    pub sample: &'a Sample,
}

/// What a training costs.
pub(super) struct TrainingCost {
    /// Seconds of one step, while as many networks are trained at once as the run would; 0 where it was not measured.
    pub step_seconds: f64,
    /// Bytes of one training's files.
    pub files: u64,
}

impl Measure<'_> {
    pub fn training(&self, timed: bool) -> anyhow::Result<TrainingCost> {
        let device = scribe_model::device::pick(&self.places.device)?;
        let model = self.model(0, &device)?;
        let files = files_of(&model);
        if !timed {
            return Ok(TrainingCost { step_seconds: 0.0, files });
        }
        let networks = self.recipe.models.len() * self.recipe.seeds.len();
        let at_once = side_by_side(self.recipe).min(networks);
        let times = std::thread::scope(|scope| {
            let one = || scope.spawn(|| self.step(&device));
            let all: Vec<_> = (0..at_once).map(|_| one()).collect();
            let ends = all.into_iter().map(|one| one.join().expect("a timed step does not panic"));
            ends.collect::<anyhow::Result<Vec<f64>>>()
        })?;
        Ok(TrainingCost { step_seconds: times.iter().sum::<f64>() / times.len() as f64, files })
    }

    /// Seconds of a step of the whole batch.
    fn step(&self, device: &Device) -> anyhow::Result<f64> {
        let train = &self.recipe.train;
        let (few, side) = (PICTURES.min(train.batch), train.crop as usize);
        let model = self.model(0, device)?;
        let pixels = Tensor::rand(-1f32, 1f32, (few, 3, side, side), device)?;
        let labels = vec![0; few * side * side];
        let labels = scribe_model::input::labels(&labels, [few, side, side], device)?;
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let mut seconds = 0.0;
        // The first one makes what later ones use again, and does not count.
        for _ in 0..2 {
            let begun = Instant::now();
            let loss = model.loss(&pixels, &labels, &mut rng)?;
            let gradients = loss.backward()?;
            loss.to_dtype(DType::F32)?.to_scalar::<f32>()?;
            drop(gradients);
            seconds = begun.elapsed().as_secs_f64();
        }
        Ok(seconds * train.batch as f64 / few as f64)
    }

    /// Seconds of a prediction: one network's answer in one mode to one picture under one condition, with its share of
    /// decoding, corrupting and counting.
    pub fn prediction(&self, wanted: &Manifest) -> anyhow::Result<f64> {
        let (mut seconds, mut predictions) = (0.0, 1);
        for conditions in CONDITIONS {
            (seconds, predictions) = self.predictions(wanted, conditions)?;
            if seconds >= SHORT {
                break;
            }
        }
        Ok(seconds / predictions as f64)
    }

    /// Evaluates freshly drawn networks on the first picture; gives the seconds and how many predictions they made.
    fn predictions(&self, wanted: &Manifest, some: usize) -> anyhow::Result<(f64, usize)> {
        let (recipe, pictures) = (self.recipe, &self.sample.pictures);
        let device = scribe_model::device::pick(&self.places.device)?;
        let shown = TestProtocol::of(recipe, &self.places.frost)?;
        let modes = evaluate::inferences(recipe, &recipe.eval.modes)?;
        // A wide network works alone; narrow ones only show their speed together.
        let several = if side_by_side(recipe) > 1 { wanted.models.len() } else { 1 };
        let models = (0..several).map(|k| self.model(k, &device)).collect::<anyhow::Result<Vec<_>>>()?;
        let entrant = |(info, model)| {
            let info: &scribe_records::ModelInfo = info;
            Entrant { id: info.id.clone(), seed: info.seed, model, modes: modes.clone() }
        };
        let entrants = wanted.models.iter().zip(models.iter().map(|model| model as _)).map(entrant).collect();
        let conditions = spread(&wanted.conditions(), some);
        let eval = &recipe.eval;
        let records = records::wanted(&eval.records, eval.calibration_bins, &wanted.modes, &conditions);
        let never = AtomicBool::new(false);
        let pass = Pass {
            split: pictures.test()?,
            ids: pictures.val_ids.iter().take(1).cloned().collect(),
            view: shown.view,
            suite: &shown.suite,
            entrants,
            master_seed: eval.master_seed,
            batch: evaluate::BATCH,
            moments: records.moments,
            cross_moments: records.cross_moments,
            calibration: records.calibration,
            end: records.end,
            panels: Vec::new(),
            conditions,
            threads: rayon::current_num_threads(),
            side_by_side: side_by_side(recipe),
            stop: &never,
            progress: None,
        };
        let folder = tempfile::tempdir()?;
        let mut store = Store::open_or_resume(&folder.path().join("store.sqlite"), wanted)?;
        let summary = scribe_eval::run(&pass, &mut store)?;
        store.close()?;
        Ok((summary.wall.as_secs_f64(), summary.predictions.max(1)))
    }

    /// A freshly drawn network of contestant `k` (the seeds of one contestant follow each other).
    fn model(&self, k: usize, device: &Device) -> anyhow::Result<Model> {
        let recipe = self.recipe;
        let contestant = &recipe.models[k / recipe.seeds.len() % recipe.models.len()];
        let mut model = Model::new(&recipe.model, &contestant.objective, CLASSES, 0, device)?;
        model.set_precision(recipe.precision.unwrap_or_default())?;
        Ok(model)
    }
}

/// So many conditions at equal distances, the first one among them.
fn spread(all: &[Condition], some: usize) -> Vec<Condition> {
    let some = some.min(all.len());
    (0..some).map(|k| all[k * all.len() / some].clone()).collect()
}
