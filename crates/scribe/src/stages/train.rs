//! Trains every contestant for every seed.

use super::origin::Origin;
use super::{Pictures, Places, side_by_side};
use crate::recipe::{Checked, Contestant, Recipe};
use crate::run_dir::RunDir;
use anyhow::Context;
use indicatif::MultiProgress;
use scribe_dataset::{CLASSES, Jitter, Scale, Split, TrainView};
use scribe_model::Model;
use scribe_train::group::Collective;
use scribe_train::{GroupLr, Job, TrainConfig, Validation, train};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

/// Trains what is not finished yet; narrow networks several at once, unless several processes train together.
///
/// # Errors
/// When the recipe needs a backbone that was not given, the weights do not fit one of the models (before any of them
/// trains), or a training stops; the last good checkpoint is kept.
pub fn train_all(
    recipe: &Checked,
    places: &Places,
    run: &RunDir,
    pictures: &Pictures,
    stop: &AtomicBool,
    group: &Arc<dyn Collective>,
) -> anyhow::Result<()> {
    let device = scribe_model::device::pick(&places.device)?;
    let origin = Origin::of(recipe, places)?;
    origin.check(recipe)?;
    let train = pictures.train.clone().context("the pictures were not opened to train")?;
    if group.rank() == 0 {
        write_recipe(recipe, run)?;
        super::label_pixels::count(recipe, run, train.as_ref())?;
    }
    let contests = recipe.models.iter().flat_map(|c| recipe.seeds.iter().map(move |&seed| (c, seed)));
    let open = Mutex::new(contests);
    let bars = MultiProgress::new();
    let trainings =
        Trainings { recipe, run, pictures, train, origin: &origin, bars, stop, group: group.clone() };
    let worker = || -> anyhow::Result<()> {
        while let Some((contestant, seed)) = take(&open) {
            let mut model = Model::new(&recipe.model, &contestant.objective, CLASSES, seed, &device)?;
            model.set_precision(recipe.precision.unwrap_or_default())?;
            origin.load(&model)?;
            let outcome = trainings.train(contestant, seed, model);
            outcome.with_context(|| format!("training {} (seed {seed})", contestant.label))?;
        }
        Ok(())
    };
    // Processes that train together must train the same network at the same time.
    let workers = if group.size() > 1 { 1 } else { side_by_side(recipe) };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        let ends = workers.into_iter().map(|worker| worker.join().expect("a training thread does not panic"));
        ends.collect::<Vec<_>>().into_iter().collect()
    })
}

/// The next item; the lock is let go at once.
fn take<T>(open: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    open.lock().unwrap_or_else(PoisonError::into_inner).next()
}

/// What all trainings of a run share.
struct Trainings<'a> {
    recipe: &'a Checked,
    run: &'a RunDir,
    pictures: &'a Pictures,
    train: Arc<dyn Split>,
    origin: &'a Origin,
    bars: MultiProgress,
    stop: &'a AtomicBool,
    group: Arc<dyn Collective>,
}

impl Trainings<'_> {
    fn train(&self, contestant: &Contestant, seed: u64, mut model: Model) -> anyhow::Result<()> {
        let recipe = self.recipe;
        let config = settings(recipe, seed, self.train.ids().len());
        let validation = Validation {
            every: recipe.train.validate_every,
            data: self.pictures.val.as_ref(),
            ids: &self.pictures.val_ids,
            view: recipe.eval.view.parse().context("eval.view was checked")?,
            classes: CLASSES,
        };
        let job = Job {
            label: &contestant.label,
            digest: &self.origin.mark(recipe.training_digest(&contestant.id, seed)),
            dir: &self.run.training(&contestant.id, seed),
            config: &config,
            data: self.train.clone(),
            validation: (recipe.train.validate_every > 0).then_some(&validation),
            bars: &self.bars,
            stop: self.stop,
            group: self.group.clone(),
        };
        let finished = train(&job, &mut model)?;
        let network = &finished.sha256[..12];
        tracing::info!("{} (seed {seed}): {} steps, network {network}", contestant.label, finished.steps);
        Ok(())
    }
}

/// The recipe's `[train]` as the training crate wants it.
fn settings(recipe: &Recipe, seed: u64, images: usize) -> TrainConfig {
    let train = &recipe.train;
    let [brightness, contrast, saturation, hue] = train.jitter.map(|part| part as f32);
    let jitter = Jitter { brightness, contrast, saturation, hue };
    let [min, max] = train.short_side;
    let mut config = TrainConfig {
        view: TrainView {
            scale: Scale::ShortSide { min, max },
            crop: train.crop,
            jitter: train.jitter.iter().any(|part| *part > 0.0).then_some(jitter),
            flip: train.flip,
        },
        batch: train.batch,
        steps: train.steps,
        lr: GroupLr { backbone: train.lr_backbone, head: train.lr_head },
        momentum: train.momentum,
        weight_decay: train.weight_decay,
        poly: train.poly,
        seed,
        checkpoint_every: 1,
        loader_threads: 2,
        sync_batch_norm: train.sync_batch_norm,
    };
    let epoch = config.epoch_steps(images);
    if config.steps == 0 {
        config.steps = epoch * train.epochs;
    }
    config.checkpoint_every = epoch.clamp(25, 250);
    config
}

/// Keeps the recipe as it runs beside the run's files.
pub(super) fn write_recipe(recipe: &Checked, run: &RunDir) -> anyhow::Result<()> {
    std::fs::create_dir_all(run.root()).with_context(|| run.root().display().to_string())?;
    let path = run.recipe();
    let part = path.with_extension("toml.part");
    std::fs::write(&part, toml::to_string(&**recipe)?).with_context(|| part.display().to_string())?;
    std::fs::rename(&part, &path).with_context(|| path.display().to_string())
}
