//! `scribe train`: the recipe's models, one after the other.

use super::common::{RunArguments, stop_flag};
use clap::Args;
use scribe::{open_data, train_all};

/// Train the recipe's models.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe train --recipe smoke
  scribe train --recipe authors-code --data VOC2012 --sbd SBD --backbone resnet50.safetensors --name authors
Each model's folder holds model.safetensors, the newest two states to go on from, and metrics.jsonl.
Ctrl-C finishes the step and saves; the same command goes on.")]
pub struct Train {
    #[command(flatten)]
    run: RunArguments,
}

impl Train {
    /// Trains what is not trained yet.
    pub fn run(&self) -> anyhow::Result<()> {
        let recipe = self.run.recipe()?;
        let run_dir = self.run.run_dir(&recipe);
        let (places, stop) = (self.run.places(), stop_flag()?);
        let pictures = open_data(&recipe, &places, &run_dir, true)?;
        train_all(&recipe, &places, &run_dir, &pictures, &stop)
    }
}
