//! `cargo xtask bench`: one file for each thing that is measured.

mod corruptions;
mod evaluation;
mod machine;
pub(crate) mod measurer;
pub(crate) mod median;
mod model;
mod profile;
mod python;

use clap::{Args, Subcommand};
use xshell::Shell;

/// Measure beside other programs, in turn in one run.
#[derive(Args)]
pub(crate) struct Bench {
    /// What is measured.
    #[command(subcommand)]
    pub what: What,
}

/// What is measured.
#[derive(Subcommand)]
pub(crate) enum What {
    /// The fifteen corruptions beside the Python packages, one thread, one picture of 500x375, severity 3
    Corruptions(corruptions::Corruptions),
    /// An evaluation from pictures to counts beside a loop in PyTorch, with the same threads
    Evaluation(evaluation::Evaluation),
    /// Training steps, inference and convolutions beside PyTorch, with the same threads
    Model(model::Model),
    /// Where a training step's time goes, operator by operator, and how far it is from the machine's peak
    Profile(profile::Profile),
    /// The Python package beside imagecorruptions, its numba fork and AlbumentationsX
    Python(python::Python),
}

impl Bench {
    /// Runs the chosen measurement.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        match &self.what {
            What::Corruptions(corruptions) => corruptions.run(shell),
            What::Evaluation(evaluation) => evaluation.run(shell),
            What::Model(model) => model.run(shell),
            What::Profile(profile) => profile.run(shell),
            What::Python(python) => python.run(shell),
        }
    }
}
