//! Trains every contestant for every seed.

use super::origin::Origin;
use super::{Pictures, RunInputs, side_by_side};
use crate::progress::size;
use crate::recipe::{Checked, ModelRecipe, Recipe};
use crate::run_dir::RunDir;
use anyhow::Context;
use scribe_dataset::{CLASSES, Jitter, Scale, Split, TrainView};
use scribe_model::Model;
use scribe_train::group::Collective;
use scribe_train::{GroupLr, Identity, Job, Progress, TrainConfig, Validated, Validation, train};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, Once, PoisonError};

/// Trains what is not finished yet; narrow networks several at once, unless several processes train together.
///
/// # Errors
/// When the recipe needs a backbone that was not given, the weights do not fit one of the models (before any of them
/// trains), or a training stops; the last good checkpoint is kept.
pub fn train_all(
    recipe: &Checked,
    places: &RunInputs,
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
        run.claim()?;
        // Results that are there were made by the recipe that lies beside them.
        if !(run.store().exists() && run.recipe().exists()) {
            write_recipe(recipe, run)?;
        }
        super::label_pixels::count(recipe, run, train.as_ref(), pictures.train_identity()?)?;
    }
    let contests = recipe.models.iter().flat_map(|c| recipe.seeds.iter().map(move |&seed| (c, seed)));
    let open = Mutex::new(contests);
    let trainings = Trainings { recipe, run, pictures, train, origin: &origin, stop, group: group.clone() };
    let told = Once::new();
    let worker = || -> anyhow::Result<()> {
        while let Some((contestant, seed)) = take(&open) {
            let mut model = Model::new(&recipe.model, &contestant.objective, CLASSES, seed, &device)?;
            model.set_precision(recipe.precision.unwrap_or_default())?;
            origin.load(&model)?;
            told.call_once(|| tell_size(recipe, run, pictures, &model));
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

/// Copies of a network that a training keeps: the last one, the best one, and two states with the momentum beside.
const COPIES: u64 = 6;

/// Bytes of one training's files.
pub(super) fn files_of(model: &Model) -> u64 {
    let values: usize = model.parameters().named().map(|(_, value)| value.elem_count()).sum();
    COPIES * 4 * values as u64
}

/// How much there is to do and to write, said before it begins.
fn tell_size(recipe: &Checked, run: &RunDir, pictures: &Pictures, model: &Model) {
    let networks = recipe.models.len() * recipe.seeds.len();
    let listed = pictures.train.as_ref().map_or(0, |split| split.ids().len());
    let (steps, batch) = (settings(recipe, 0, listed).steps, recipe.train.batch);
    let wanted = networks as u64 * files_of(model);
    tracing::info!(
        "training: {networks} networks x {steps} steps of {batch} pictures, up to {} of files",
        size(wanted)
    );
    if let Ok(free) = fs4::available_space(run.root())
        && free < wanted
    {
        tracing::warn!("{}: {} are free", run.root().display(), size(free));
    }
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
    stop: &'a AtomicBool,
    group: Arc<dyn Collective>,
}

impl Trainings<'_> {
    fn train(&self, contestant: &ModelRecipe, seed: u64, mut model: Model) -> anyhow::Result<()> {
        let recipe = self.recipe;
        let config = settings(recipe, seed, self.train.ids().len());
        let validation = self.validation()?;
        let identity = self.identity(contestant, seed)?;
        let bar = crate::progress::bar(&contestant.label, config.steps, "steps");
        let hears = |progress: &Progress| show(&bar, progress, config.batch);
        let job = Job {
            label: &contestant.label,
            identity: &identity,
            dir: &self.run.training(&contestant.id, seed),
            config: &config,
            data: self.train.clone(),
            validation: validation.as_ref(),
            progress: Some(&hears),
            stop: self.stop,
            group: self.group.clone(),
        };
        let outcome = train(&job, &mut model);
        if outcome.is_ok() {
            bar.finish()
        } else {
            bar.abandon()
        }
        let finished = outcome?;
        let network = &finished.sha256[..12];
        tracing::info!("{} (seed {seed}): {} steps, network {network}", contestant.label, finished.steps);
        Ok(())
    }

    /// What is validated on, where the recipe validates.
    fn validation(&self) -> anyhow::Result<Option<Validation<'_>>> {
        let (every, eval) = (self.recipe.train.validate_every, &self.recipe.eval);
        if every == 0 {
            return Ok(None);
        }
        let (data, ids) = (self.pictures.test()?, &self.pictures.val_ids);
        let view = eval.view.parse().context("eval.view was checked")?;
        Ok(Some(Validation { every, data, ids, view, classes: CLASSES }))
    }

    /// What one training follows from.
    fn identity(&self, contestant: &ModelRecipe, seed: u64) -> anyhow::Result<Identity> {
        let mut settings = self.recipe.training_keys(&contestant.id, seed);
        let mut earlier = self.recipe.training_digest(&contestant.id, seed);
        if let Some(sha256) = self.origin.sha256() {
            settings.insert("starting weights (sha256)".into(), sha256.into());
            earlier = format!("{earlier}+{}", &sha256[..16]);
        }
        let validated = || -> anyhow::Result<Validated> {
            let data = self.pictures.test_identity()?.clone();
            Ok(Validated { view: self.recipe.eval.view.clone(), data })
        };
        Ok(Identity {
            settings,
            data: self.pictures.train_identity()?.clone(),
            validation: (self.recipe.train.validate_every > 0).then(validated).transpose()?,
            earlier: Some(earlier),
        })
    }
}

/// Brings a bar to where the training is.
fn show(bar: &crate::progress::Progress, progress: &Progress, batch: usize) {
    let (Some(loss), Some(lr)) = (progress.loss, progress.lr) else { return bar.begin_at(progress.done) };
    let rate = crate::progress::rate(bar.per_second() * batch as f64);
    let pictures = if rate.is_empty() { rate } else { format!(", pictures {rate}") };
    bar.set_message(format!("loss {loss:.4}{pictures}, lr {:.2e}/{:.2e}", lr.backbone, lr.head));
    bar.set_position(progress.done);
}

/// The recipe's `[train]` as the training crate wants it.
pub(super) fn settings(recipe: &Recipe, seed: u64, images: usize) -> TrainConfig {
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
    Ok(scribe_dataset::write_atomically(&run.recipe(), toml::to_string(&**recipe)?.as_bytes())?)
}
