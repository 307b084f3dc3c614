//! `scribe reproduce`: the whole path.

use super::common::{RunArguments, stop_flag};
use super::processes::Processes;
use clap::Args;
use scribe::{Places, evaluate, open_data, report, train_all};
use scribe_analysis::ReportExtra;

/// Train, evaluate and report one recipe, going on where an earlier call stopped.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe reproduce                                                   pictures that the program draws
  scribe reproduce --set train.epochs=2 --set eval.limit=4 --name quick
  scribe reproduce --recipe paper-text --data VOCdevkit/VOC2012 --sbd SBD --backbone resnet50.safetensors
  scribe reproduce --recipe authors-code --data VOC2012 --set data.train_set=voc --set train.pretrained=false \\
      --set model.width=0.25 --set train.steps=30 --set eval.limit=20")]
pub struct Reproduce {
    #[command(flatten)]
    run: RunArguments,
    /// Remove an earlier run of that name first
    #[arg(long)]
    fresh: bool,
}

impl Reproduce {
    /// Runs all stages and prints both tables.
    pub fn run(&self) -> anyhow::Result<()> {
        let recipe = self.run.recipe()?;
        let run_dir = self.run.run_dir(&recipe);
        let processes = Processes::meet()?;
        // Only a folder that a run has made is removed.
        if self.fresh && processes.leads() && run_dir.recipe().exists() {
            std::fs::remove_dir_all(run_dir.root())?;
        }
        let (places, stop) = (self.run.places()?, stop_flag()?);
        let places = Places { device: processes.device(&places.device), ..places };
        let pictures = processes.together(|group| {
            let pictures = processes.one_after_the_other(|| open_data(&recipe, &places, &run_dir, true))?;
            train_all(&recipe, &places, &run_dir, &pictures, &stop, group)?;
            Ok(pictures)
        })?;
        if !processes.leads() {
            // What follows is not divided among processes; `scribe eval --shard` does that.
            return Ok(());
        }
        evaluate(&recipe, &places, &run_dir, &pictures, None, &stop)?;
        print!("{}", report(&run_dir, ReportExtra::default())?);
        Ok(())
    }
}
