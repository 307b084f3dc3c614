//! `--dry-run`: counts what a call would do, and estimates the time from a small sample.

mod evaluation;
mod measure;
mod measured_run;
mod refusals;
mod training;

use super::inferences::inferences;
use super::manifest::manifest;
use super::networks;
use super::pictures::Need;
use super::run::Run;
use evaluation::Evaluation;
use measured_run::MeasuredRun;
use scribe_base::human;
use scribe_records::Manifest;
use std::path::Path;
use training::Training;

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

/// What the stages would do: counts, minutes and gigabytes, as text. It writes nothing but a temporary folder, which it
/// removes.
///
/// # Errors
/// When the pictures cannot be opened, a network cannot be made or makes no prediction, or the training itself would be refused.
pub fn forecast(run: &Run, stages: Stages) -> anyhow::Result<String> {
    let measured = MeasuredRun::open(run, stages.need())?;
    if stages.train {
        refusals::check(run, measured.to_train)?;
    }
    let root = run.dir.root();
    let state = if root.exists() { "exists and resumes" } else { "is new" };
    let mut text = format!("recipe {}, run {} ({state})\n", run.recipe.name, root.display());
    text += &format!("pictures: {}\n", measured.text(stages.train));
    let (mut seconds, mut bytes) = (0.0, 0);
    if stages.train {
        let training = Training::of(run, measured.to_train);
        let cost = silently(|| measure::training(&measured.run, training.left > 0))?;
        let step = cost.step_seconds;
        let part = training.left as f64 * step / run.networks_at_once().min(training.networks) as f64;
        text += &format!("{}: {}\n", training.text(&run.recipe), minutes(part, step, "a step"));
        (seconds, bytes) = (seconds + part, bytes + training.networks as u64 * cost.files);
    }
    if stages.evaluate {
        let wanted = wanted(&measured.run)?;
        let evaluation = Evaluation::of(run, &measured, &wanted)?;
        let is_left = evaluation.left() > 0;
        let each = if is_left { silently(|| measure::prediction(&measured.run, &wanted))? } else { 0.0 };
        let part = evaluation.left() as f64 * each;
        text += &format!("{}: {}\n", evaluation.text(), minutes(part, each, "a prediction"));
        seconds += part;
    }
    if stages.train {
        let free = human::size(fs4::available_space(existing(root))?);
        text += &format!("networks and checkpoints: {}; {free} are free\n", human::size(bytes));
    }
    Ok(text + &total(seconds, &run.inputs.device))
}

/// Runs work without its log, which would be about the measurement and not about the run.
fn silently<T>(work: impl FnOnce() -> T) -> T {
    tracing::subscriber::with_default(tracing::subscriber::NoSubscriber::new(), work)
}

fn minutes(seconds: f64, each: f64, what: &str) -> String {
    if seconds == 0.0 {
        return "nothing is left".to_owned();
    }
    let each = if each >= 1.0 { format!("{each:.1} s") } else { format!("{:.1} ms", 1e3 * each) };
    format!("about {} ({each} {what})", human::duration(seconds))
}

fn total(seconds: f64, device: &str) -> String {
    format!(
        "in all about {} on {device} with {} threads, from a short measurement\nnothing was done\n",
        human::duration(seconds),
        rayon::current_num_threads()
    )
}

/// The manifest of the evaluation, whose networks need not be trained.
fn wanted(run: &Run) -> anyhow::Result<Manifest> {
    run.protocol()?;
    let modes = inferences(&run.recipe, &run.recipe.eval.modes)?;
    let modes = modes.into_iter().map(|(mode, _)| mode).collect();
    manifest(run, networks::listed(run)?, modes)
}

/// The nearest folder above that exists.
fn existing(path: &Path) -> &Path {
    let above = path.ancestors().find(|above| above.is_dir());
    above.unwrap_or(Path::new("."))
}
