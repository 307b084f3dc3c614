//! `cargo xtask gpu test`: the tests of the GPU's operators on a GPU.

use super::environment::built_for_gpu;
use crate::workspace::target;
use anyhow::{Context, bail};
use clap::Args;
use std::path::{Path, PathBuf};
use std::process::Command;
use xshell::{Shell, cmd};

/// The test targets that use a GPU where the feature `cuda` is on.
pub(super) const TESTS: [&str; 5] = ["gpu", "ops", "devices", "inputs", "model"];

/// The GPU's tests on a GPU: needs nvcc, a driver and cuDNN 9.
#[derive(Args)]
pub(crate) struct Test {
    /// Run the programs that `gpu build --carry FOLDER` put there; this needs neither cargo nor nvcc
    #[arg(long, value_name = "FOLDER")]
    programs: Option<PathBuf>,
    /// Which of them
    #[command(flatten)]
    chosen: Chosen,
}

/// Which tests.
#[derive(Args)]
pub(crate) struct Chosen {
    /// Only these test targets
    #[arg(long, value_name = "NAME")]
    pub test: Vec<String>,
    /// Arguments of the test programs, such as a part of a test's name
    #[arg(last = true)]
    pub tests: Vec<String>,
}

impl Test {
    /// Builds with the real nvcc, unless the programs are there already, and runs them on the first GPU.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        if let Some(folder) = &self.programs {
            return self.chosen.run_carried(folder);
        }
        let environment = built_for_gpu(&target().join("gpu"))?;
        let _set: Vec<_> = environment.iter().map(|(name, value)| shell.push_env(name, value)).collect();
        self.chosen.spawn(shell)
    }
}

impl Chosen {
    /// Builds and runs them in the environment that is set.
    pub(crate) fn spawn(&self, shell: &Shell) -> anyhow::Result<()> {
        let targets: Vec<&str> = self.targets().into_iter().flat_map(|name| ["--test", name]).collect();
        let arguments = &self.tests;
        // A test that finds no GPU fails instead of being left out.
        let _required = shell.push_env("SCRIBE_REQUIRE_GPU", "1");
        cmd!(shell, "cargo test --locked --release --workspace --no-fail-fast --features scribe-robustness/cuda {targets...} -- {arguments...}")
            .run()?;
        Ok(())
    }

    fn targets(&self) -> Vec<&str> {
        match self.test.as_slice() {
            [] => TESTS.to_vec(),
            named => named.iter().map(String::as_str).collect(),
        }
    }

    /// Runs programs that were built elsewhere; all of them, before a failure is told.
    fn run_carried(&self, folder: &Path) -> anyhow::Result<()> {
        let mut failed = Vec::new();
        for name in self.targets() {
            let program = folder.join("tests").join(name);
            let status = Command::new(&program).args(&self.tests).env("SCRIBE_REQUIRE_GPU", "1").status();
            let status = status.with_context(|| {
                format!("{} (expected what `cargo xtask gpu build --carry FOLDER` wrote)", program.display())
            })?;
            if !status.success() {
                failed.push(format!("{name} ({status})"));
            }
        }
        if !failed.is_empty() {
            bail!("tests failed: {}", failed.join(", "));
        }
        Ok(())
    }
}
