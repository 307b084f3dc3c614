//! `cargo xtask gpu`: builds, tests and measures the GPU side, with a GPU or without one.

mod assemble;
mod bench;
mod bench_head;
mod build;
mod carry;
mod check;
mod compile;
mod emulate;
mod emulator;
mod environment;
#[cfg(test)]
mod faults;
mod jobs;
mod runtime;
mod sanitize;
mod test;

use clap::{Args, Subcommand};
use xshell::Shell;

/// Build, test and measure the GPU side, with a GPU or without one.
#[derive(Args)]
pub(crate) struct Gpu {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum What {
    /// Run the GPU's tests without a GPU: our kernels, compiled by g++, on an emulated device
    Emulate(emulate::Emulate),
    /// Assemble every kernel for every architecture with a real nvcc, and list registers, memory and spills
    Assemble(assemble::Assemble),
    /// Build the program for GPUs with a real nvcc; no GPU needed
    Build(build::Build),
    /// Run the GPU's tests on a GPU
    Test(test::Test),
    /// Run the kernels' tests on a GPU under NVIDIA's compute-sanitizer
    Sanitize(sanitize::Sanitize),
    /// All of what can be seen on a GPU alone, step by step, with a log of each
    Check(check::Check),
    /// Training steps and inference beside PyTorch on the same GPU
    Bench(bench::Bench),
}

impl Gpu {
    /// Runs the chosen task.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        match &self.what {
            What::Emulate(emulate) => emulate.run(shell),
            What::Assemble(assemble) => assemble.run(shell),
            What::Build(build) => build.run(shell),
            What::Test(test) => test.run(shell),
            What::Sanitize(sanitize) => sanitize.run(),
            What::Check(check) => check.run(),
            What::Bench(bench) => bench.run(shell),
        }
    }
}
