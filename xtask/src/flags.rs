//! The command line.

use clap::{Args, Parser, Subcommand};

/// Runs the workspace's chores.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub struct Xtask {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Rebuild Tables 1 and 2: train, evaluate, report. Without arguments, on pictures that the program draws
    Reproduce(Reproduce),
    /// Run all tests, the house's rules among them
    Test(Test),
    /// rustfmt, clippy and rustdoc, warnings refused
    Lint,
}

/// Everything after `reproduce` goes to `scribe reproduce` as it stands; `cargo xtask reproduce --help` shows its help.
#[derive(Args)]
#[command(disable_help_flag = true)]
pub struct Reproduce {
    /// Arguments of `scribe reproduce`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub arguments: Vec<String>,
}

/// All tests.
#[derive(Args)]
pub struct Test {
    /// Only tests whose name holds this text
    pub filter: Option<String>,
}
