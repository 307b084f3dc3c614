//! `scribe eval`: every model on the same corrupted bytes.

use super::common::{RunArguments, stop_flag};
use clap::Args;
use scribe::{evaluate, open_data};

/// Evaluate trained models on clean and corrupted pictures.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe eval --recipe smoke
  scribe eval --recipe smoke --set eval.corruptions='[\"fog\"]' --name fog-only
What is in the run's store already is not computed again; a killed run goes on where it stopped.")]
pub struct Eval {
    #[command(flatten)]
    run: RunArguments,
}

impl Eval {
    /// Evaluates what is wanted and not done yet.
    pub fn run(&self) -> anyhow::Result<()> {
        let recipe = self.run.recipe()?;
        let run_dir = self.run.run_dir(&recipe);
        let (places, stop) = (self.run.places(), stop_flag()?);
        let pictures = open_data(&recipe, &places, &run_dir)?;
        evaluate(&recipe, &places, &run_dir, &pictures, &stop)
    }
}
