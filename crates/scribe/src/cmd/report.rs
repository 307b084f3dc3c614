//! `scribe report`: from a store to tables, figures and one page.

use clap::Args;
use scribe::RunDir;
use std::path::PathBuf;

/// Write tables, figures and report.html from a run's store.
#[derive(Args)]
#[command(after_help = "Example:
  scribe report runs/smoke
No network, picture or GPU is needed: the store holds all that was counted.")]
pub struct Report {
    /// The run's folder
    run: PathBuf,
}

impl Report {
    /// Writes the files and prints both tables.
    pub fn run(&self) -> anyhow::Result<()> {
        print!("{}", scribe::report(&RunDir::new(self.run.clone()))?);
        Ok(())
    }
}
