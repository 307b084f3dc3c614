//! `scribe reproduce`: trains, evaluates and reports a recipe.

use super::common::{LOG, RunArguments};
use super::fresh::remove_earlier;
use super::output::print;
use super::processes::Processes;
use super::stop::stop_flag;
use clap::Args;
use scribe::{Need, Stages, evaluate, forecast, report, train_all};
use scribe_analysis::ReportExtra;

/// Train, evaluate and report one recipe, resuming where an earlier call stopped.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe reproduce                          # on pictures that it draws
  scribe reproduce --set train.epochs=2 --set eval.limit=4 --name quick
  scribe reproduce --recipe paper-text --data VOCdevkit/VOC2012 --sbd SBD \\
      --backbone resnet50.safetensors --dry-run
  scribe reproduce --recipe authors-code --data VOC2012 \\
      --set data.train_set=voc --set train.pretrained=false \\
      --set model.width=0.25 --set train.steps=30 --set eval.limit=20
--dry-run says how long it would take. A killed run resumes where it stopped
when the same command is given again.")]
pub(crate) struct Reproduce {
    #[command(flatten)]
    run: RunArguments,
    /// Only resume: fail if the run has nothing to resume from. Without it a run resumes where it can and starts where it cannot
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
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let mut run = self.run.run_of(self.run.recipe()?)?;
        if self.resume {
            self.run.check_resume(&run)?;
        }
        // A recipe may only compare networks from files.
        let (need, stages) = match run.recipe.trains() {
            true => (Need::Both, Stages::ALL),
            false => (Need::Test, Stages::EVALUATE),
        };
        if self.run.dry_run {
            return Ok(print(&forecast(&run, stages)?)?);
        }
        let processes = Processes::meet(&run)?;
        if processes.is_rank_0() {
            if self.fresh {
                processes.work_together(|_| remove_earlier(&run.dir, self.yes))?;
            }
            super::log::append_to(run.dir.root().join(LOG));
        }
        run.stop = stop_flag()?;
        run.inputs.device = processes.device(&run.inputs.device);
        processes.work_together(|group| {
            processes.rank_0_first(|| run.open(need))?;
            if stages.train { train_all(&run, group) } else { Ok(()) }
        })?;
        if !processes.is_rank_0() {
            // What follows is not divided among processes; `scribe eval --shard` does that.
            return Ok(());
        }
        evaluate(&run)?;
        Ok(print(&report(&run.dir, run.dir.root(), ReportExtra::default())?)?)
    }
}
