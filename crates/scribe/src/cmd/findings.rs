//! How the commands that check printed tables answer: formats and exit codes.

use super::output::{print, say};
use clap::ValueEnum;
use scribe_analysis::audit::Findings;
use std::process::ExitCode;

/// In what form findings are printed.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// Sentences below headings
    Text,
    /// The same as Markdown
    Markdown,
    /// One line a finding
    Csv,
    /// An array of objects
    Json,
}

/// Prints the findings. The exit code is that of `diff`: 0 when all adds up, 1 when something does not, 2 when the tables
/// could not be read or the answer cannot be written.
///
/// # Errors
/// When standard output was closed.
pub(crate) fn answer(found: anyhow::Result<Findings>, format: Format) -> anyhow::Result<ExitCode> {
    let found = match found {
        Ok(found) => found,
        Err(error) => {
            say(&format!("error: {error:#}"));
            return Ok(ExitCode::from(2));
        }
    };
    let text = match format {
        Format::Text => found.text(),
        Format::Markdown => found.markdown(),
        Format::Csv => found.csv(),
        Format::Json => found.json(),
    };
    match print(&text) {
        Ok(()) => Ok(ExitCode::from(u8::from(found.faults() > 0))),
        Err(closed) if closed.is_closed() => Err(closed.into()),
        // Exit code 1 would mean that the tables were read and something does not add up.
        Err(error) => {
            say(&format!("error: {:#}", anyhow::Error::new(error)));
            Ok(ExitCode::from(2))
        }
    }
}
