//! `scribe check-paper`: checks the paper's printed tables against each other.

use super::findings::{Format, answer};
use anyhow::Context;
use clap::Args;
use scribe_analysis::check_paper::{PaperCheck, check};
use scribe_analysis::{check_paper, reference};
use scribe_base::text_file;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Recompute what can be recomputed from the paper's printed tables, and print every entry that does not add up.
#[derive(Args)]
#[command(after_help = "Examples:
  scribe check-paper
  scribe check-paper --format csv > findings.csv
  scribe check-paper --tables DIR
DIR holds table1.csv and table2.csv in the layout of data/paper/.
Exit code as diff's: 0 when all adds up, 1 when something does not, 2 when
the tables cannot be read or the answer cannot be written.
Nothing is measured or fetched: the printed numbers are compiled in.")]
pub(crate) struct CheckPaper {
    /// The format of the findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Check the tables in this folder instead of the paper's
    #[arg(long, value_name = "DIR")]
    tables: Option<PathBuf>,
}

impl CheckPaper {
    /// Prints the findings. The exit code says whether there are any.
    ///
    /// # Errors
    /// When standard output was closed.
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        answer(self.check().map(|checked| checked.all()), self.format)
    }

    fn check(&self) -> anyhow::Result<PaperCheck> {
        let Some(folder) = &self.tables else { return Ok(check_paper()) };
        let read = |name: &str| {
            let path = folder.join(name);
            let text =
                text_file::read(&path, text_file::DESCRIPTION).with_context(|| path.display().to_string())?;
            Ok::<_, anyhow::Error>((path, text))
        };
        let at = |path: &Path| path.display().to_string();
        let (path1, text1) = read("table1.csv")?;
        let (path2, text2) = read("table2.csv")?;
        let table1 = reference::parse_table1(&text1).with_context(|| at(&path1))?;
        let table2 = reference::parse_table2(&text2).with_context(|| at(&path2))?;
        Ok(check(table1, table2))
    }
}
