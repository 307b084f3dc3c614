//! `cargo xtask test`: every test of the workspace, optimised, because an unoptimised network is too slow to test.

use crate::flags::Test;
use xshell::{Shell, cmd};

/// What the default build leaves out and a CPU can test.
const FEATURES: &str = "scribe-robustness/parquet";

impl Test {
    /// Runs them; the exit code says whether all passed.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        let filter = &self.filter;
        cmd!(shell, "cargo test --locked --release --workspace --features {FEATURES} -- {filter...}")
            .quiet()
            .run()?;
        Ok(())
    }
}
