//! `scribe reproduce`: the whole path.

use super::common::{LOG, RunArguments};
use super::fresh::remove_earlier;
use super::output::print;
use super::processes::Processes;
use super::stop::stop_flag;
use clap::Args;
use scribe::{Need, RunInputs, Stages, evaluate, forecast, open_data, report, train_all};
use scribe_analysis::ReportExtra;

/// Train, evaluate and report one recipe, going on where an earlier call stopped.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe reproduce                          # on pictures that it draws
  scribe reproduce --set train.epochs=2 --set eval.limit=4 --name quick
  scribe reproduce --recipe paper-text --data VOCdevkit/VOC2012 --sbd SBD \\
      --backbone resnet50.safetensors --dry-run
  scribe reproduce --recipe authors-code --data VOC2012 \\
      --set data.train_set=voc --set train.pretrained=false \\
      --set model.width=0.25 --set train.steps=30 --set eval.limit=20
--dry-run says how long it would take. A killed run goes on where it stopped
when the same command is given again.")]
pub struct Reproduce {
    #[command(flatten)]
    run: RunArguments,
    /// Only go on: fail where the run has nothing to go on from. Without it a run goes on where it can and starts where it cannot
    #[arg(long, conflicts_with = "fresh")]
    resume: bool,
    /// Remove an earlier run of that name first, with its networks and results; asks, or needs --yes
    #[arg(long)]
    fresh: bool,
    /// With --fresh: remove without asking
    #[arg(long, requires = "fresh")]
    yes: bool,
}

impl Reproduce {
    /// Runs all stages and prints both tables.
    pub fn run(&self) -> anyhow::Result<()> {
        let recipe = self.run.recipe()?;
        let run_dir = self.run.run_dir(&recipe)?;
        if self.resume {
            self.run.check_resume(&run_dir)?;
        }
        let places = self.run.places()?;
        if self.run.dry_run {
            return Ok(print(&forecast(&recipe, &places, &run_dir, Stages::ALL, None)?)?);
        }
        let processes = Processes::meet()?;
        if processes.leads() {
            if self.fresh {
                processes.together(|_| remove_earlier(&run_dir, self.yes))?;
            }
            super::log::keep_in(run_dir.root().join(LOG));
        }
        let stop = stop_flag()?;
        let places = RunInputs { device: processes.device(&places.device), ..places };
        let pictures = processes.together(|group| {
            let pictures =
                processes.one_after_the_other(|| open_data(&recipe, &places, &run_dir, Need::Both))?;
            train_all(&recipe, &places, &run_dir, &pictures, &stop, group)?;
            Ok(pictures)
        })?;
        if !processes.leads() {
            // What follows is not divided among processes; `scribe eval --shard` does that.
            return Ok(());
        }
        evaluate(&recipe, &places, &run_dir, &pictures, None, &stop)?;
        Ok(print(&report(&run_dir, run_dir.root(), ReportExtra::default())?)?)
    }
}
