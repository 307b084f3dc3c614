//! `scribe train`: trains the models of a recipe.

use super::common::{LOG, RunArguments};
use super::output::print;
use super::processes::Processes;
use super::stop::stop_flag;
use super::whole::whole;
use clap::Args;
use scribe::{Need, Stages, forecast, train_all};
use std::path::PathBuf;

/// Train the recipe's models.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe train --recipe smoke
  scribe train --recipe authors-code --data VOC2012 --sbd SBD \\
      --backbone resnet50.safetensors --name authors
  scribe train --recipe my.toml --data VOC2012 --seed 7 \\
      --init pretrained.safetensors --name tuned
Each model's folder holds model.safetensors (the last network),
best.safetensors (where the recipe validates), the two newest checkpoints,
identity.json (settings and hashes of the pictures, with which alone it
resumes), metrics.jsonl, and the same scalars for TensorBoard.
Ctrl-C finishes the step and saves; the same command resumes the training.
Several processes train together, one for each GPU, when a launcher starts
them:
  torchrun --nproc-per-node 4 --no-python \\
      scribe train --recipe authors-code --data VOC2012 --device cuda")]
pub(crate) struct Train {
    #[command(flatten)]
    run: RunArguments,
    /// Start every training from this network (.safetensors or .pth) instead of as the recipe says; what fits is taken
    #[arg(long, value_name = "FILE")]
    init: Option<PathBuf>,
    /// Train this seed instead of the recipe's
    #[arg(long, value_name = "N", value_parser = whole::<u64>(0..=u64::MAX))]
    seed: Option<u64>,
    /// Only resume: fail if the run has nothing to resume from. Without it a run resumes where it can and starts where it cannot
    #[arg(long)]
    resume: bool,
}

impl Train {
    /// Trains what is not trained yet.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let recipe = self.run.recipe_with(self.seed.map(|seed| format!("seeds=[{seed}]")))?;
        let mut run = self.run.run_of(recipe)?;
        if self.resume {
            self.run.check_resume(&run)?;
        }
        run.inputs.init.clone_from(&self.init);
        if self.run.dry_run {
            return Ok(print(&forecast(&run, Stages::TRAIN)?)?);
        }
        let processes = Processes::meet(&run)?;
        if processes.is_rank_0() {
            super::log::append_to(run.dir.root().join(LOG));
        }
        run.inputs.device = processes.device(&run.inputs.device);
        run.stop = stop_flag()?;
        processes.work_together(|group| {
            processes.rank_0_first(|| run.open(Need::Training))?;
            train_all(&run, group)
        })
    }
}
