//! The program `scribe`: reads the command line and runs one command. `cmd/` has a file for each.

#![warn(clippy::print_stderr, unreachable_pub)]

mod cmd;
#[cfg(test)]
mod documented;

use clap::error::ContextKind;
use clap::{Parser, Subcommand};
use cmd::output::{CLOSED, OutputError, say};
use mimalloc::MiMalloc;
use std::process::ExitCode;

/// A training step allocates and frees hundreds of megabytes. Mimalloc keeps the pages, so that the system need not clear
/// them again.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Makes the allocator keep freed pages for a minute instead of a second: a step after a pause, in which pictures were
/// read or a checkpoint was written, would otherwise have to get them from the system again.
fn keep_freed_pages() {
    // `mi_option_purge_delay` of mimalloc.h, in milliseconds.
    const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;
    // SAFETY: the call writes one number, and no other thread runs yet.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, 60_000) }
}

/// Does my segmentation model survive bad input?
///
/// Corrupts pictures as ImageNet-C does, trains and tests networks on byte-identical inputs, and writes the paper's tables.
#[derive(Parser)]
#[command(name = "scribe", version, propagate_version = true, after_help = EXAMPLES)]
struct Scribe {
    /// What is logged: off, error, warn, info, debug, trace, or a filter such as scribe_eval=debug
    #[arg(long, global = true, default_value = "info", value_name = "FILTER", value_parser = cmd::log::parse_filter)]
    log: String,
    /// Seconds between lines of the log that say how far the work has come; 0 writes none
    #[arg(long, global = true, default_value_t = scribe::PROGRESS_SECONDS, value_name = "SECONDS", value_parser = cmd::whole::whole::<u64>(0..=u64::MAX))]
    progress: u64,
    /// Threads that compute, at most 1024; 0 takes every core
    #[arg(long, global = true, default_value_t = 0, value_name = "N", value_parser = cmd::whole::whole::<u16>(0..=1024))]
    threads: u16,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  scribe reproduce                            # all of it, on drawn pictures
  scribe corrupt cat.jpg fog.png --corruption fog --severity 3 --seed 7
  scribe inspect paper-text authors-code      # where two recipes differ
  scribe audit table.csv --layout mine.toml   # what a table has wrong
Exit codes: 0 done, 1 an error, 2 a command line that is not understood,
130 stopped by Ctrl-C, 143 by SIGTERM, 141 standard output was closed.";

#[derive(Subcommand)]
enum Command {
    /// Train, evaluate and report one recipe, resuming where an earlier call stopped
    Reproduce(cmd::reproduce::Reproduce),
    /// Train the recipe's models
    Train(cmd::train::Train),
    /// Evaluate trained models on clean and corrupted pictures
    Eval(cmd::eval::Eval),
    /// Join the shards of an evaluation that several machines computed
    Merge(cmd::merge::Merge),
    /// Check that the stores, networks and drawn pictures of a run are what was written
    Verify(cmd::verify::Verify),
    /// Write tables, figures and report.html from a run's store
    Report(cmd::report::Report),
    /// Judge a run by thresholds, alone or against a baseline run
    Gate(cmd::gate::Gate),
    /// Say how many pictures would show a difference between models
    Power(cmd::power::Power),
    /// Write a run's store as CSV or Parquet tables
    Export(cmd::export::Export),
    /// Corrupt one picture, or draw all corruptions of it on one sheet
    Corrupt(cmd::corrupt::Corrupt),
    /// Write every picture of a set under every corruption, as PNG files with a manifest
    CorruptSet(cmd::corrupt_set::CorruptSet),
    /// Show a recipe as it will run, or where two recipes differ
    Inspect(cmd::inspect::Inspect),
    /// Show which of the paper's printed numbers do not add up
    CheckPaper(cmd::check_paper::CheckPaper),
    /// Show what does not add up in any published table of robustness
    Audit(cmd::audit::Audit),
    /// Draw, describe, check or fetch data
    Data(cmd::data::Data),
}

fn main() -> ExitCode {
    keep_freed_pages();
    let scribe = match Scribe::try_parse() {
        Ok(scribe) => scribe,
        Err(error) => return usage(error),
    };
    run(scribe).unwrap_or_else(|error| failed(&error))
}

/// Prints the help, or what is wrong with the command line.
fn usage(mut error: clap::Error) -> ExitCode {
    // A typing error must not be answered with the one flag that removes results.
    let tip = error.get(ContextKind::SuggestedArg).map(ToString::to_string);
    if tip.is_some_and(|tip| tip.contains("--fresh")) {
        error.remove(ContextKind::SuggestedArg);
        error.remove(ContextKind::Usage);
    }
    let code = u8::try_from(error.exit_code()).unwrap_or(1);
    match error.print() {
        // Help goes to standard output; what is wrong to standard error, which may be closed.
        Err(refused) if !error.use_stderr() => failed(&OutputError::from(refused).into()),
        _ => ExitCode::from(code),
    }
}

/// Prints what went wrong and returns the exit code.
fn failed(error: &anyhow::Error) -> ExitCode {
    if error.chain().filter_map(|cause| cause.downcast_ref::<OutputError>()).any(OutputError::is_closed) {
        return ExitCode::from(CLOSED);
    }
    // The chain of causes on one line.
    say(&format!("error: {error:#}"));
    cmd::stop::code().map_or(ExitCode::FAILURE, ExitCode::from)
}

fn run(arguments: Scribe) -> anyhow::Result<ExitCode> {
    // Of several processes that train together, only rank 0 logs more than warnings.
    let trains = matches!(arguments.command, Command::Train(_) | Command::Reproduce(_));
    let quiet = trains && arguments.log == "info" && cmd::processes::launch()?.rank > 0;
    cmd::log::start(if quiet { "warn" } else { &arguments.log })?;
    scribe::lines_every(arguments.progress);
    rayon::ThreadPoolBuilder::new().num_threads(arguments.threads.into()).build_global()?;
    match arguments.command {
        Command::Reproduce(command) => command.run(),
        Command::Train(command) => command.run(),
        Command::Eval(command) => command.run(),
        Command::Merge(command) => command.run(),
        Command::Verify(command) => command.run(),
        Command::Report(command) => command.run(),
        Command::Gate(command) => return command.run(),
        Command::Power(command) => return command.run(),
        Command::Export(command) => command.run(),
        Command::Corrupt(command) => command.run(),
        Command::CorruptSet(command) => command.run(),
        Command::Inspect(command) => command.run(),
        Command::CheckPaper(command) => return command.run(),
        Command::Audit(command) => return command.run(),
        Command::Data(command) => command.run(),
    }?;
    Ok(ExitCode::SUCCESS)
}
