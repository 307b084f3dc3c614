//! The program: parse, match, run. One file per command under `cmd/`.

#![allow(clippy::print_stdout, reason = "the answers of a program go to standard output")]

mod cmd;
#[cfg(test)]
mod documented;

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;
use std::process::ExitCode;

/// A training step allocates and frees hundreds of megabytes; mimalloc keeps the pages for a while, which saves the system
/// from clearing them anew.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Does my segmentation model survive bad input?
///
/// Corrupts pictures as ImageNet-C does, trains and tests networks on byte-identical inputs, and writes the paper's tables.
#[derive(Parser)]
#[command(name = "scribe", version, propagate_version = true, after_help = EXAMPLES)]
struct Scribe {
    /// What is logged: error, warn, info, debug, trace, or a filter such as scribe_eval=debug
    #[arg(long, global = true, default_value = "info", value_name = "FILTER")]
    log: String,
    /// Threads that compute; 0 takes every core
    #[arg(long, global = true, default_value_t = 0, value_name = "N")]
    threads: usize,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  scribe reproduce                                  the whole path on pictures that the program draws
  scribe corrupt cat.jpg fog.png --corruption fog --severity 3 --seed 7
  scribe inspect paper-text authors-code            where two recipes differ";

#[derive(Subcommand)]
enum Command {
    /// Train, evaluate and report one recipe, going on where an earlier call stopped
    Reproduce(cmd::reproduce::Reproduce),
    /// Train the recipe's models
    Train(cmd::train::Train),
    /// Evaluate trained models on clean and corrupted pictures
    Eval(cmd::eval::Eval),
    /// Join the parts of an evaluation that several machines shared
    Merge(cmd::merge::Merge),
    /// Write tables, figures and report.html from a run's store
    Report(cmd::report::Report),
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
    /// Draw, check or fetch data
    Data(cmd::data::Data),
}

fn main() -> ExitCode {
    let scribe = Scribe::parse();
    match run(scribe) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {}", describe(&error));
            ExitCode::FAILURE
        }
    }
}

fn run(scribe: Scribe) -> anyhow::Result<ExitCode> {
    // The other processes of a training say what is wrong; rank 0 says the rest.
    let trains = matches!(scribe.command, Command::Train(_) | Command::Reproduce(_));
    let quiet = trains && scribe.log == "info" && cmd::processes::launch()?.rank > 0;
    cmd::start_log(if quiet { "warn" } else { &scribe.log })?;
    rayon::ThreadPoolBuilder::new().num_threads(scribe.threads).build_global()?;
    match scribe.command {
        Command::Reproduce(command) => command.run(),
        Command::Train(command) => command.run(),
        Command::Eval(command) => command.run(),
        Command::Merge(command) => command.run(),
        Command::Report(command) => command.run(),
        Command::Export(command) => command.run(),
        Command::Corrupt(command) => command.run(),
        Command::CorruptSet(command) => command.run(),
        Command::Inspect(command) => command.run(),
        Command::CheckPaper(command) => return Ok(command.run()),
        Command::Data(command) => command.run(),
    }?;
    Ok(ExitCode::SUCCESS)
}

/// The chain of causes on one line; a cause whose text its parent already holds is not said twice.
fn describe(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !text.contains(&cause) {
            let colon = if text.is_empty() { "" } else { ": " };
            text = format!("{text}{colon}{cause}");
        }
    }
    text
}
