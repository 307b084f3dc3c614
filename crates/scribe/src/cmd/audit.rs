//! `scribe audit`: checks a published table of robustness against itself.

use super::findings::{Format, answer};
use anyhow::Context;
use clap::Args;
use scribe_analysis::audit::{Findings, Layout, audit};
use scribe_base::text_file;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The most bytes of a table.
const MOST: u64 = 64 << 20;

/// Recompute what can be recomputed from any printed table of robustness, and print what does not add up: means, minima, rPC, mCE and CD; rows that repeat, are dead or collapsed; cells above clean; scores that rise with severity.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe audit Config-Paths.csv --layout semsegbench
  scribe audit mine.csv --layout mine.toml --format csv > findings.csv
A layout says in a few lines of TOML what the columns are:
  name = \"my table\"
  model = [\"model\"]
  [[measure]]
  name = \"mIoU\"
  clean = \"clean\"
  conditions = [\"fog\", \"snow\", \"*_noise\"]
  mean = \"mean\"
docs/audit.md describes its other keys, and what was found in public tables.
Of each kind of finding 1000 are listed and the others counted.
Exit code as diff's: 0 when all adds up, 1 when something does not, 2 when
the table cannot be read or the answer cannot be written.")]
pub(crate) struct Audit {
    /// The table as CSV
    #[arg(value_name = "TABLE.csv")]
    table: PathBuf,
    /// The table's layout: the path of a .toml file or a known table
    #[arg(long, value_name = "LAYOUT", help = layout_help())]
    layout: String,
    /// The format of the findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

fn layout_help() -> String {
    format!("The table's layout: the path of a .toml file, or one of {}", Layout::names().join(", "))
}

impl Audit {
    /// Prints the findings. The exit code says whether there are any.
    ///
    /// # Errors
    /// When standard output was closed.
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        answer(self.audit(), self.format)
    }

    fn audit(&self) -> anyhow::Result<Findings> {
        let layout = self.layout()?;
        let text =
            text_file::read_argument(&self.table, MOST).with_context(|| self.table.display().to_string())?;
        Ok(audit(&text, &self.table.display().to_string(), &layout)?)
    }

    fn layout(&self) -> anyhow::Result<Layout> {
        let path = Path::new(&self.layout);
        if path.extension().is_some_and(|end| end == "toml") {
            let text = text_file::read(path, text_file::DESCRIPTION).with_context(|| self.layout.clone())?;
            return Ok(Layout::parse(&text, &self.layout)?);
        }
        Ok(Layout::named(&self.layout)?)
    }
}
