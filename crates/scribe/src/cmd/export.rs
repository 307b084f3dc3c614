//! `scribe export`: writes a store as tables for other programs.

use super::output::print;
use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use scribe::RunDir;
use scribe_records::Store;
use std::path::PathBuf;

/// Write a run's store as CSV or Parquet tables.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe export runs/smoke --format csv     # into runs/smoke/csv
  scribe export runs/smoke --format csv --out tables
The tables are documented in FORMAT.md. Pictures stay in the store.")]
pub(crate) struct Export {
    /// The run's folder
    run: PathBuf,
    /// What to write
    #[arg(long, value_enum)]
    format: Format,
    /// The folder to write into [default: RUN/csv or RUN/parquet]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Comma-separated text
    Csv,
    /// Apache Parquet, in programs built with `--features parquet`
    Parquet,
}

impl Export {
    /// Writes the tables and prints how many rows each has.
    pub(crate) fn run(&self) -> anyhow::Result<()> {
        let format = match self.format {
            Format::Csv => scribe_export::Format::Csv,
            Format::Parquet => scribe_export::Format::Parquet,
        };
        let out = self.out.clone().unwrap_or_else(|| self.run.join(format.name()));
        let path = RunDir::new(self.run.clone()).store();
        if !path.try_exists().with_context(|| path.display().to_string())? {
            bail!("{}: no store; `scribe eval` or `scribe reproduce` makes one", path.display());
        }
        let files = scribe_export::export(&Store::open(&path)?, format, &out).map_err(|error| {
            let is_folder = matches!(error, scribe_export::Error::Folder { .. });
            let error = anyhow::Error::new(error);
            if is_folder { error.context("--out DIR names the folder of the tables") } else { error }
        })?;
        for file in files {
            print(&format!("{}: {} rows\n", file.path.display(), file.rows))?;
        }
        Ok(())
    }
}
