//! `--dry-run`: what a call would do, counted, and how long it would take, measured on a little of it.

mod measure;
mod pictures;
mod refusals;

use super::data::Need;
use super::manifest::{listed, manifest};
use super::train::settings;
use super::{RunInputs, TestProtocol, side_by_side};
use crate::progress::{duration, size};
use crate::recipe::Checked;
use crate::run_dir::RunDir;
use crate::shard::Shard;
use measure::Measure;
use pictures::Sample;
use scribe_records::{Manifest, Store};
use std::path::Path;

/// Which stages a call runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stages {
    /// Whether networks are trained.
    pub train: bool,
    /// Whether networks are evaluated.
    pub evaluate: bool,
}

impl Stages {
    /// `scribe train`.
    pub const TRAIN: Stages = Stages { train: true, evaluate: false };
    /// `scribe eval`.
    pub const EVALUATE: Stages = Stages { train: false, evaluate: true };
    /// `scribe reproduce`.
    pub const ALL: Stages = Stages { train: true, evaluate: true };

    fn need(self) -> Need {
        match (self.train, self.evaluate) {
            (true, false) => Need::Training,
            (false, _) => Need::Test,
            (true, true) => Need::Both,
        }
    }
}

/// What the stages would do with this recipe in this folder: counts, minutes and gigabytes, as text. Nothing is written
/// but a temporary folder, which is removed.
///
/// # Errors
/// When the recipe's pictures cannot be opened, a network cannot be made or asked, or the training itself would be
/// refused.
pub fn forecast(
    recipe: &Checked,
    places: &RunInputs,
    run: &RunDir,
    stages: Stages,
    shard: Option<Shard>,
) -> anyhow::Result<String> {
    let sample = Sample::open(recipe, places, run, stages.need())?;
    if stages.train {
        refusals::check(recipe, run, sample.to_train)?;
    }
    let measure = Measure { recipe, places, sample: &sample };
    let there = if run.root().exists() { "is there and goes on" } else { "is new" };
    let mut text = format!("recipe {}, run {} ({there})\n", recipe.name, run.root().display());
    text += &format!("pictures: {}\n", sample.told(stages.train));
    let (mut seconds, mut bytes) = (0.0, 0);
    if stages.train {
        let training = Training::of(recipe, run, sample.to_train);
        let cost = silently(|| measure.training(training.left > 0))?;
        let step = cost.step_seconds;
        let part = training.left as f64 * step / side_by_side(recipe).min(training.networks) as f64;
        text += &format!("{}: {}\n", training.told(recipe), minutes(part, step, "a step"));
        (seconds, bytes) = (seconds + part, bytes + training.networks as u64 * cost.files);
    }
    if stages.evaluate {
        let wanted = manifest_of(recipe, places, &sample)?;
        let evaluation = Evaluation::of(recipe, run, &sample, &wanted, shard)?;
        let each = if evaluation.left() > 0 { silently(|| measure.prediction(&wanted))? } else { 0.0 };
        let part = evaluation.left() as f64 * each;
        text += &format!("{}: {}\n", evaluation.told(), minutes(part, each, "a prediction"));
        seconds += part;
    }
    if stages.train {
        let free = fs4::available_space(existing(run.root()))?;
        text += &format!("networks and checkpoints: {}; {} are free\n", size(bytes), size(free));
    }
    let threads = rayon::current_num_threads();
    text += &format!(
        "in all about {} on {} with {threads} threads, from a short measurement\nnothing was done\n",
        duration(seconds),
        places.device
    );
    Ok(text)
}

/// What is measured says nothing of the run: its log is left out.
fn silently<T>(work: impl FnOnce() -> T) -> T {
    tracing::subscriber::with_default(tracing::subscriber::NoSubscriber::new(), work)
}

fn minutes(seconds: f64, each: f64, what: &str) -> String {
    if seconds == 0.0 {
        return "nothing is left".to_owned();
    }
    let each = if each >= 1.0 { format!("{each:.1} s") } else { format!("{:.1} ms", 1e3 * each) };
    format!("about {} ({each} {what})", duration(seconds))
}

/// The trainings of a recipe.
struct Training {
    networks: usize,
    steps: u64,
    /// Steps over all networks that are not done yet.
    left: u64,
}

impl Training {
    fn of(recipe: &Checked, run: &RunDir, pictures: usize) -> Training {
        let steps = settings(recipe, 0, pictures).steps;
        let all = recipe.models.iter().flat_map(|c| recipe.seeds.iter().map(|seed| (&c.id, *seed)));
        let left = |(id, seed): (&String, u64)| {
            let metrics = scribe_train::read_metrics(&run.training(id, seed).join("metrics.jsonl"));
            let done = metrics.ok().and_then(|all| all.last().map(|last| last.step)).unwrap_or(0);
            steps.saturating_sub(done)
        };
        let networks = recipe.models.len() * recipe.seeds.len();
        Training { networks, steps, left: all.map(left).sum() }
    }

    fn told(&self, recipe: &Checked) -> String {
        let Training { networks, steps, left } = self;
        let (batch, crop) = (recipe.train.batch, recipe.train.crop);
        format!(
            "training: {networks} networks x {steps} steps of {batch} pictures at {crop}x{crop}, {left} of {} steps left",
            *networks as u64 * steps
        )
    }
}

/// The evaluation of a recipe.
struct Evaluation {
    pictures: usize,
    conditions: usize,
    models: usize,
    modes: usize,
    done: usize,
}

impl Evaluation {
    fn of(
        recipe: &Checked,
        run: &RunDir,
        sample: &Sample,
        wanted: &Manifest,
        shard: Option<Shard>,
    ) -> anyhow::Result<Evaluation> {
        let blocks = recipe.eval.moment_blocks;
        let (path, pictures) = match shard {
            Some(shard) => {
                shard.check(blocks)?;
                let own = sample.test_ids.iter().filter(|id| shard.has(id, blocks)).count();
                (run.shards().join(shard.file_name()), own)
            }
            None => (run.store(), sample.test_ids.len()),
        };
        let done = if path.exists() { Store::open(&path)?.completed()?.len() } else { 0 };
        Ok(Evaluation {
            pictures,
            conditions: wanted.conditions().len(),
            models: wanted.models.len(),
            modes: wanted.modes.len(),
            done,
        })
    }

    fn all(&self) -> usize {
        self.pictures * self.conditions * self.models * self.modes
    }

    fn left(&self) -> usize {
        self.all().saturating_sub(self.done)
    }

    fn told(&self) -> String {
        let Evaluation { pictures, conditions, models, modes, .. } = self;
        format!(
            "evaluation: {pictures} pictures x {conditions} conditions x {models} networks x {modes} modes, \
             {} of {} predictions left",
            self.left(),
            self.all()
        )
    }
}

/// The manifest of the evaluation, whose networks need not be trained.
fn manifest_of(recipe: &Checked, places: &RunInputs, sample: &Sample) -> anyhow::Result<Manifest> {
    let shown = TestProtocol::of(recipe, &places.frost)?;
    let modes = super::evaluate::inferences(recipe, &recipe.eval.modes)?;
    let modes = modes.into_iter().map(|(mode, _)| mode).collect();
    manifest(recipe, &sample.pictures, &shown, listed(recipe, places)?, modes)
}

/// The nearest folder above that exists.
fn existing(path: &Path) -> &Path {
    let above = path.ancestors().find(|above| above.is_dir());
    above.unwrap_or(Path::new("."))
}
