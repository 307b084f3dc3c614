//! `cargo xtask gpu test`: the tests of the GPU's operators on a GPU.

use super::environment::built_for_gpu;
use crate::workspace::target;
use clap::Args;
use xshell::{Shell, cmd};

/// The test targets that use a GPU where the feature `cuda` is on.
pub(super) const TESTS: [&str; 4] = ["gpu", "ops", "devices", "model"];

/// The GPU's tests on a GPU: needs nvcc, a driver and cuDNN 9.
#[derive(Args)]
pub(crate) struct Test {
    /// Only these test targets
    #[arg(long, value_name = "NAME")]
    pub test: Vec<String>,
    /// Arguments of the test programs, such as a part of a test's name
    #[arg(last = true)]
    pub tests: Vec<String>,
}

impl Test {
    /// Builds with the real nvcc and runs them on the first GPU.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        let environment = built_for_gpu(&target().join("gpu"))?;
        let _set: Vec<_> = environment.iter().map(|(name, value)| shell.push_env(name, value)).collect();
        self.spawn(shell)
    }

    /// Runs them in the environment that is set.
    pub(crate) fn spawn(&self, shell: &Shell) -> anyhow::Result<()> {
        let named: Vec<&str> = match self.test.as_slice() {
            [] => TESTS.to_vec(),
            named => named.iter().map(String::as_str).collect(),
        };
        let targets: Vec<&str> = named.into_iter().flat_map(|name| ["--test", name]).collect();
        let arguments = &self.tests;
        // A test that finds no GPU fails instead of being left out.
        let _required = shell.push_env("SCRIBE_REQUIRE_GPU", "1");
        cmd!(shell, "cargo test --release --workspace --no-fail-fast --features scribe-robustness/cuda {targets...} -- {arguments...}")
            .run()?;
        Ok(())
    }
}
