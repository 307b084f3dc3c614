//! `cargo xtask gpu emulate`: the tests of the GPU's operators, or the program, on an emulated device.

use super::emulator::{Emulator, path_list};
use super::target;
use clap::Args;
use xshell::{Shell, cmd};

/// The test targets that use a GPU where the feature `cuda` is on.
const TESTS: [&str; 1] = ["gpu"];

/// The GPU's tests on an emulated device, with its threads in two orders. It needs g++ and nothing of CUDA.
#[derive(Args)]
pub struct Emulate {
    /// Build the program with `--features cuda` instead, and say how to start it
    #[arg(long, conflicts_with_all = ["tests", "env"])]
    program: bool,
    /// Only bring the emulated device up to date, and print the environment in which cargo builds for it and programs run
    #[arg(long, conflicts_with = "tests")]
    env: bool,
    /// Only these test targets
    #[arg(long, value_name = "NAME")]
    test: Vec<String>,
    /// Arguments of the test programs, such as a part of a test's name
    #[arg(last = true)]
    tests: Vec<String>,
}

impl Emulate {
    /// Builds what is out of date and runs it.
    pub fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        let target = target(shell);
        let emulator = Emulator::build(shell, &target.join("gpu-emulator"))?;
        let environment = environment(&emulator, &target.join("gpu-emulated"));
        if self.env {
            environment.iter().for_each(|(name, value)| println!("export {name}='{value}'"));
            return Ok(());
        }
        let _set: Vec<_> = environment.iter().map(|(name, value)| shell.push_env(name, value)).collect();
        if self.program {
            cmd!(shell, "cargo build --release --workspace --features scribe/cuda --bin scribe").run()?;
            println!(
                "LD_LIBRARY_PATH={} {}",
                emulator.libraries().display(),
                target.join("gpu-emulated/release/scribe").display()
            );
            return Ok(());
        }
        let named: Vec<&str> = match self.test.as_slice() {
            [] => TESTS.to_vec(),
            named => named.iter().map(String::as_str).collect(),
        };
        let targets = named.iter().flat_map(|name| ["--test", name]);
        let arguments = &self.tests;
        let targets: Vec<&str> = targets.collect();
        let targets = targets.as_slice();
        for backwards in [false, true] {
            eprintln!(
                "emulated device: threads and blocks in {} order",
                if backwards { "reverse" } else { "their" }
            );
            let _set = backwards.then(|| shell.push_env("SCRIBE_EMULATOR_BACKWARDS", "1"));
            cmd!(
                shell,
                "cargo test --release --workspace --features scribe/cuda {targets...} -- {arguments...}"
            )
            .run()?;
        }
        Ok(())
    }
}

/// Where cargo finds the stand-ins, and the system the libraries.
fn environment(emulator: &Emulator, target: &std::path::Path) -> Vec<(&'static str, String)> {
    let text = |path: &std::path::Path| path.display().to_string();
    vec![
        ("CARGO_TARGET_DIR", text(target)),
        ("CUDA_HOME", text(emulator.home())),
        ("NVCC", text(&emulator.home().join("bin/nvcc"))),
        ("PATH", path_list(&emulator.home().join("bin"), "PATH")),
        ("LD_LIBRARY_PATH", path_list(&emulator.libraries(), "LD_LIBRARY_PATH")),
        // What the stand-ins follow: CUDA 13.0; the compute capability only names files.
        ("CUDARC_CUDA_VERSION", "13000".to_string()),
        ("CUDA_COMPUTE_CAP", "90".to_string()),
    ]
}
