//! `cargo xtask gpu`: what belongs to NVIDIA GPUs, with and without one.

mod assemble;
mod compile;
mod emulate;
mod emulator;
#[cfg(test)]
mod faults;
mod jobs;

use clap::{Args, Subcommand};
use xshell::Shell;

/// What belongs to NVIDIA GPUs, with and without one.
#[derive(Args)]
pub struct Gpu {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
}

/// What to do.
#[derive(Subcommand)]
pub enum What {
    /// Run the GPU's tests without a GPU: our kernels, compiled by g++, on an emulated device
    Emulate(emulate::Emulate),
    /// Assemble every kernel for every architecture with a real nvcc, and list registers, memory and spills
    Assemble(assemble::Assemble),
}

impl Gpu {
    /// Does it.
    pub fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        match &self.what {
            What::Emulate(emulate) => emulate.run(shell),
            What::Assemble(assemble) => assemble.run(shell),
        }
    }
}

/// The folder that cargo builds into.
fn target(shell: &Shell) -> std::path::PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR").map(std::path::PathBuf::from);
    shell.current_dir().join(named.unwrap_or_else(|| "target".into()))
}
