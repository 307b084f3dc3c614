//! `scribe verify`: is what has a hash in a run's folder still what was written?

use super::common::frost_folder;
use super::output::print;
use anyhow::bail;
use clap::Args;
use scribe::{Checked, Recipe, Run, RunDir, RunInputs, tested_pictures, verify};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Check that the stores, networks and drawn pictures of a run are what was written.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe verify runs/smoke
  scribe verify runs/my --data VOC2012      # the pictures too
Looked at are the store and the shards (pages, indices, references, the
checksum of every row, and whether a report can be made of their numbers), the
networks and the states of the trainings, the hashes of drawn pictures, label
maps and lists, and whether results, networks and pictures belong together.
Not looked at is what has no hash: tables, figures and report.html, which
`scribe report` makes again, and metrics, event files, label_pixels.json,
made.json and the log. Nothing is changed, but that SQLite takes in
what a killed process left beside a store. Exit code 1 where something is
damaged; that an evaluation or a training is not finished is said, and no damage. `content` is a hash of a store's rows: two stores with the same
one hold the same results.")]
pub(crate) struct Verify {
    /// The run's folder
    run: PathBuf,
    /// Folder of the data that the run was made from, to compare its pictures and label maps too
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// SBD's folder, for runs that trained on it
    #[arg(long, value_name = "DIR")]
    sbd: Option<PathBuf>,
}

impl Verify {
    /// Prints a line for each part; fails when one is damaged.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let dir = RunDir::new(self.run.clone());
        let run = self.opened(&dir)?;
        let found = verify(&dir, run.as_ref())?;
        print(&table(&found))?;
        if run.is_none() {
            print("The pictures lie elsewhere and were not compared: --data DIR names their folder.\n")?;
        }
        let damaged = found.iter().filter(|checked| !checked.problems.is_empty()).count();
        if damaged > 0 {
            bail!("{}: {damaged} of {} parts are damaged", self.run.display(), found.len());
        }
        Ok(())
    }

    /// The run with its pictures, where they are in its own folder or were named.
    fn opened(&self, dir: &RunDir) -> anyhow::Result<Option<Run>> {
        if self.data.is_none() && !dir.synthetic().is_dir() || !dir.recipe().exists() {
            return Ok(None);
        }
        // The store says which draws there are. An earlier version took a list that did not begin with the master seed.
        let alone = "eval.master_seeds=[]".to_owned();
        let changes = [vec![alone], tested_pictures(dir)].concat();
        let recipe = Recipe::load(&dir.recipe().to_string_lossy(), &changes)?;
        let inputs = RunInputs {
            // Named, so that nothing is drawn.
            data: Some(self.data.clone().unwrap_or_else(|| dir.synthetic())),
            sbd: self.sbd.clone(),
            backbone: None,
            init: None,
            weights: BTreeMap::new(),
            frost: frost_folder(None)?,
            device: "cpu".to_owned(),
        };
        Ok(Some(Run::new(recipe, dir.clone(), inputs)))
    }
}

/// One line for each part, and one for each problem.
fn table(found: &[Checked]) -> String {
    let width = found.iter().map(|checked| checked.part.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for Checked { part, holds, problems } in found {
        let state = if problems.is_empty() { "sound  " } else { "DAMAGED" };
        text += format!("{part:<width$}  {state}  {holds}").trim_end();
        text += "\n";
        for problem in problems {
            text += &format!("{:width$}           {problem}\n", "");
        }
    }
    text
}
