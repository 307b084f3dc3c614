//! The command line.

use crate::bench::Bench;
use crate::gpu::Gpu;
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
    /// Measure side by side with what others offer
    Bench(Bench),
    /// What belongs to NVIDIA GPUs: tests on an emulated device
    Gpu(Gpu),
    /// How many of the reference's hashes the corruptions match
    Truth(Truth),
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

/// The reference's hashes.
#[derive(Args)]
pub struct Truth {
    /// Folder with frost1.png to frost5.png (crates/corruptions/tests/reference/README.md makes it); without it the rows of
    /// frost are left out, and the document stays as it is
    #[arg(long, value_name = "DIR")]
    pub frost: Option<std::path::PathBuf>,
}
