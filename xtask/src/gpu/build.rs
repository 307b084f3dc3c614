//! `cargo xtask gpu build`: the program for GPUs, also where neither a GPU nor its driver is installed.

use super::carry::carry;
use super::emulator::Emulator;
use super::environment::{Environment, built_for_gpu};
use super::runtime;
use crate::workspace::target;
use anyhow::Context;
use clap::Args;
use std::path::PathBuf;
use xshell::{Shell, cmd};

/// The program for GPUs, built with the real nvcc.
#[derive(Args)]
pub(crate) struct Build {
    /// Link against the emulated device's libraries instead of NVIDIA's: they have the same names, and the program that comes
    /// out asks for NVIDIA's where it runs. For machines without a driver and cuDNN; needs g++ and NVIDIA's libcudart
    #[arg(long)]
    stand_ins: bool,
    /// Several GPUs add their gradients by NCCL: the program then needs libnccl.so.2 too
    #[arg(long)]
    nccl: bool,
    /// Build the tests and benchmarks too, and put all programs and this runner, stripped, into FOLDER: to be copied to a
    /// machine that has a GPU and no Rust. There, `FOLDER/xtask gpu test --programs FOLDER` runs them
    #[arg(long, value_name = "FOLDER")]
    carry: Option<PathBuf>,
}

impl Build {
    /// Builds it and says where it lies.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        let target = target();
        let mut environment: Environment = built_for_gpu(&target.join("gpu"))?;
        if self.stand_ins {
            // Looked for before anything is compiled: the linker, which misses it, comes last.
            let runtime = runtime::find()?;
            let emulator = Emulator::build(shell, &target.join("gpu-emulator"))?;
            let home = target.join("gpu/stand-ins");
            runtime::beside(&emulator.libraries(), &runtime, &home)?;
            // Of the folders that cudarc searches, the one that no toolkit uses for anything else.
            environment.push(("CUDNN_LIB", home.display().to_string()));
        }
        let _set: Vec<_> = environment.iter().map(|(name, value)| shell.push_env(name, value)).collect();
        let features = if self.nccl { "scribe-robustness/nccl" } else { "scribe-robustness/cuda" };
        if let Some(folder) = &self.carry {
            return carry(shell, features, folder);
        }
        cmd!(shell, "cargo build --locked --release --workspace --features {features} --bin scribe").run()?;
        let program = target.join("gpu/release/scribe");
        let bytes = std::fs::metadata(&program).with_context(|| program.display().to_string())?.len();
        println!("{}: {:.1} MB", program.display(), bytes as f64 / 1e6);
        Ok(())
    }
}
