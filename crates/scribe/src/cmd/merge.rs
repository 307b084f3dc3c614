//! `scribe merge`: joins the stores of the shards of an evaluation.

use super::output::print;
use clap::Args;
use scribe::RunDir;
use std::path::PathBuf;

/// Join the shards of an evaluation that several machines computed.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe merge runs/smoke                   # all of runs/smoke/shards
  scribe merge runs/smoke /mnt/a/1-of-2.sqlite /mnt/b/2-of-2.sqlite
Nothing may be missing and nothing may be there twice. The joined store
gives the same tables, byte for byte, as an evaluation in one piece.
docs/scale-out.md has job scripts.")]
pub(crate) struct Merge {
    /// The run's folder; its store.sqlite is made
    run: PathBuf,
    /// The shards [default: all in RUN/shards]
    shards: Vec<PathBuf>,
    /// Replace a store that the run has already
    #[arg(long)]
    replace: bool,
}

impl Merge {
    /// Joins them and prints how many results there are.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let dir = RunDir::new(self.run.clone());
        let results = scribe::merge(&dir, &self.shards, self.replace)?;
        Ok(print(&format!("{}: {results} results\n", dir.store().display()))?)
    }
}
