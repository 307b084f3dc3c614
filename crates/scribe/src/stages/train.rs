//! Trains every model of the recipe from every seed.

use super::label_pixels;
use super::overlap;
use super::run::Run;
use super::starting_weights::StartingWeights;
use super::train_config::train_config;
use crate::progress::{self, Bar};
use crate::recipe::ModelRecipe;
use anyhow::{Context, bail};
use scribe_base::human;
use scribe_model::Model;
use scribe_train::group::Collective;
use scribe_train::{Identity, Progress, TrainConfig, Training, Validation, ValidationData, train};
use std::sync::{Arc, Mutex, Once, PoisonError};

/// Trains what is not finished yet. Narrow networks are trained several at once, unless several processes train together.
///
/// # Errors
/// When the recipe needs a backbone that was not given, the weights do not fit one of the models (before any of them
/// trains), or a training stops; the last intact checkpoint is kept.
pub fn train_all(run: &Run, group: &Arc<dyn Collective>) -> anyhow::Result<()> {
    let start = starting_weights(run)?;
    let device = run.device()?;
    run.pictures()?.train()?;
    if group.rank() == 0 {
        begin(run)?;
    }
    let recipe = &run.recipe;
    let networks = recipe.trained().flat_map(|model| recipe.seeds.iter().map(move |&seed| (model, seed)));
    let precision = recipe.precision.unwrap_or_default();
    let open = Mutex::new(networks);
    let trainings = Trainings { run, start, group, announced: Once::new() };
    let worker = || -> anyhow::Result<()> {
        while let Some((wanted, seed)) = take(&open) {
            let mut model =
                Model::new(&recipe.model, &wanted.objective, recipe.classes().len(), seed, &device)?;
            model.set_precision(precision)?;
            let label = format!("{} (seed {seed})", wanted.label);
            let trained = trainings.train(wanted, seed, &label, model);
            trained.with_context(|| format!("training {label}"))?;
        }
        Ok(())
    };
    // Processes that train together must train the same network at the same time.
    let workers = if group.size() > 1 { 1 } else { run.networks_at_once() };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        let ends = workers.into_iter().map(|worker| worker.join().expect("a training thread does not panic"));
        ends.collect::<Vec<_>>().into_iter().collect()
    })
}

/// The weights that the trainings of the run start from, tried on every model. A forecast asks for them too, so that it promises
/// no training that cannot begin.
///
/// # Errors
/// When the recipe trains no model, there is no such device, a backbone is missing or would not be read, or the file cannot be
/// read or does not fit one of the models.
pub(super) fn starting_weights(run: &Run) -> anyhow::Result<StartingWeights> {
    if run.recipe.trained().next().is_none() {
        bail!(
            "recipe {}: every model has a file, a network, classes or a map of its own, which cannot be trained here (expected \
             `scribe eval`, with --weights ID=FILE for models without a file)",
            run.recipe.name
        );
    }
    run.device()?;
    let start = StartingWeights::of(run)?;
    start.check(run)?;
    Ok(start)
}

/// What is written into the run's folder before the first training.
fn begin(run: &Run) -> anyhow::Result<()> {
    run.dir.claim()?;
    // A store that is there was filled by the recipe next to it.
    if !(run.dir.store().exists() && run.dir.recipe().exists()) {
        run.write_recipe()?;
    }
    label_pixels::count(run)?;
    overlap::warn(run)
}

/// Bytes of the files of one training.
pub(super) fn files_of(model: &Model) -> u64 {
    // The last network, the best one, and two states, each with the momentum next to the network.
    const COPIES: u64 = 6;
    let values: usize = model.parameters().named().map(|(_, value)| value.elem_count()).sum();
    COPIES * 4 * values as u64
}

/// The next item; the lock is released at once.
fn take<T>(open: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    open.lock().unwrap_or_else(PoisonError::into_inner).next()
}

/// What all trainings of a call share.
struct Trainings<'a> {
    run: &'a Run,
    start: StartingWeights,
    group: &'a Arc<dyn Collective>,
    /// The first training logs how much there is to do.
    announced: Once,
}

impl Trainings<'_> {
    fn train(&self, wanted: &ModelRecipe, seed: u64, label: &str, mut model: Model) -> anyhow::Result<()> {
        let pictures = self.run.pictures()?;
        let mut config = train_config(&self.run.recipe, seed, pictures.train_count());
        if self.run.on_gpu() {
            // The network leaves the processors to the loader, and an H200 takes more than 2000 pictures of 224 px a second.
            config.loader_threads = rayon::current_num_threads();
        }
        self.start.load(&model)?;
        self.announced.call_once(|| self.announce(&config, &model));
        let validation = self.validation()?;
        let identity = self.identity(wanted, seed)?;
        let bar = progress::bar(label, config.steps, "steps");
        let on_progress = |progress: &Progress| show(&bar, progress, config.batch);
        let training = Training {
            label,
            identity: &identity,
            dir: &self.run.dir.training(&wanted.id, seed),
            config: &config,
            data: pictures.train()?.clone(),
            validation: validation.as_ref(),
            progress: Some(&on_progress),
            stop: &self.run.stop,
            group: self.group.clone(),
        };
        let outcome = train(&training, &mut model);
        if outcome.is_ok() {
            bar.finish()
        } else {
            bar.abandon()
        }
        let finished = outcome?;
        let network = &finished.sha256[..12];
        tracing::info!("{label}: {} steps, network {network}", finished.steps);
        Ok(())
    }

    /// Logs how much there is to do and to write.
    fn announce(&self, config: &TrainConfig, model: &Model) {
        let (recipe, root) = (&self.run.recipe, self.run.dir.root());
        let networks = recipe.trained().count() * recipe.seeds.len();
        let wanted = networks as u64 * files_of(model);
        tracing::info!(
            "training: {} x {} of {} pictures, up to {} of files",
            human::count(networks, "network"),
            human::count(config.steps, "step"),
            config.batch,
            human::size(wanted)
        );
        if let Ok(free) = fs4::available_space(root)
            && free < wanted
        {
            tracing::warn!("{}: {} are free", root.display(), human::size(free));
        }
    }

    /// What is validated on, where the recipe validates.
    fn validation(&self) -> anyhow::Result<Option<Validation<'_>>> {
        let every = self.run.recipe.train.validate_every;
        if every == 0 {
            return Ok(None);
        }
        let pictures = self.run.pictures()?;
        let view = self.run.recipe.eval.view.parse().context("eval.view was checked")?;
        Ok(Some(Validation {
            every,
            data: pictures.test()?,
            ids: pictures.test_ids(),
            view,
            classes: self.run.recipe.classes().len(),
        }))
    }

    /// What determines the result of a training.
    fn identity(&self, wanted: &ModelRecipe, seed: u64) -> anyhow::Result<Identity> {
        let (recipe, pictures) = (&self.run.recipe, self.run.pictures()?);
        let mut settings = recipe.training_keys(&wanted.id, seed);
        let mut earlier = recipe.training_digest(&wanted.id, seed);
        if let Some(sha256) = self.start.sha256() {
            settings.insert("starting weights (sha256)".into(), sha256.into());
            earlier = format!("{earlier}+{}", &sha256[..16]);
        }
        let validated = || -> anyhow::Result<ValidationData> {
            Ok(ValidationData { view: recipe.eval.view.clone(), data: pictures.test_identity()?.clone() })
        };
        Ok(Identity {
            settings,
            data: pictures.train_identity()?.clone(),
            validation: (recipe.train.validate_every > 0).then(validated).transpose()?,
            earlier: Some(earlier),
        })
    }
}

/// Brings a bar to where the training is.
fn show(bar: &Bar, progress: &Progress, batch: usize) {
    let (Some(loss), Some(lr)) = (progress.loss, progress.lr) else { return bar.begin_at(progress.done) };
    let rate = human::rate(bar.per_second() * batch as f64);
    let pictures = if rate.is_empty() { rate } else { format!(", pictures {rate}") };
    bar.set_message(format!("loss {loss:.4}{pictures}, lr {:.2e}/{:.2e}", lr.backbone, lr.head));
    bar.set_position(progress.done);
}
