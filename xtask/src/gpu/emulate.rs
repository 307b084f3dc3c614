//! `cargo xtask gpu emulate`: the tests of the GPU's operators, or the program, on an emulated device.

use super::emulator::Emulator;
use super::environment::emulated;
use super::test::Chosen;
use crate::workspace::target;
use clap::Args;
use xshell::{Shell, cmd};

/// The GPU's tests on an emulated device, with its threads in two orders. It needs g++ and nothing of CUDA.
#[derive(Args)]
pub(crate) struct Emulate {
    /// Build the program with `--features cuda` instead, and say how to start it
    #[arg(long, conflicts_with_all = ["tests", "env"])]
    program: bool,
    /// Only bring the emulated device up to date, and print the environment in which cargo builds for it and programs run
    #[arg(long, conflicts_with = "tests")]
    env: bool,
    /// Which tests
    #[command(flatten)]
    tests: Chosen,
}

impl Emulate {
    /// Builds what is out of date and runs it.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        let target = target();
        let emulator = Emulator::build(shell, &target.join("gpu-emulator"))?;
        let environment = emulated(&emulator, &target.join("gpu-emulated"));
        if self.env {
            environment.iter().for_each(|(name, value)| println!("export {name}='{value}'"));
            return Ok(());
        }
        let _set: Vec<_> = environment.iter().map(|(name, value)| shell.push_env(name, value)).collect();
        if self.program {
            cmd!(
                shell,
                "cargo build --locked --release --workspace --features scribe-robustness/cuda --bin scribe"
            )
            .run()?;
            let (libraries, program) = (emulator.libraries(), target.join("gpu-emulated/release/scribe"));
            println!("LD_LIBRARY_PATH={} {}", libraries.display(), program.display());
            return Ok(());
        }
        for backwards in [false, true] {
            let order = if backwards { "in reverse" } else { "in their order" };
            eprintln!("emulated device: threads and blocks {order}");
            let _set = backwards.then(|| shell.push_env("SCRIBE_EMULATOR_BACKWARDS", "1"));
            self.tests.spawn(shell)?;
        }
        Ok(())
    }
}
