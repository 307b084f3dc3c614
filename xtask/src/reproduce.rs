//! `cargo xtask reproduce`: builds the program and runs `scribe reproduce` with the same arguments.

use crate::flags::Reproduce;
use xshell::{Shell, cmd};

impl Reproduce {
    /// Builds quietly, then runs `scribe reproduce` in the user's folder, so that relative paths work.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        // With `--workspace` the dependencies have the features that the tests built them with: nothing is built twice.
        cmd!(shell, "cargo build --locked --release --workspace --bin scribe").quiet().run()?;
        let program = crate::workspace::target().join("release/scribe");
        let status = std::process::Command::new(&program).arg("reproduce").args(&self.arguments).status()?;
        std::process::exit(status.code().unwrap_or(1));
    }
}
