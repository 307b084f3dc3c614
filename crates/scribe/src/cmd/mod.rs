//! The commands, one file each, and what they share.

pub mod assignments;
pub mod check_paper;
pub mod common;
pub mod contents;
pub mod corrupt;
pub mod corrupt_set;
pub mod data;
pub mod eval;
pub mod export;
pub mod inspect;
pub mod merge;
pub mod processes;
pub mod report;
pub mod reproduce;
pub mod train;

use anyhow::Context;
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Logs to standard error, below any progress bar; plain text where that is not a terminal.
///
/// # Errors
/// When the filter cannot be read.
pub fn start_log(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter).with_context(|| format!("--log {filter}"))?;
    let format = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    format.with_target(false).with_ansi(std::io::stderr().is_terminal()).compact().without_time().init();
    Ok(())
}
