//! `cargo xtask release`: publishes all crates.

use crate::flags::Release;
use xshell::{Shell, cmd};

impl Release {
    /// Lets cargo package, build and upload all crates in the order of their dependencies.
    ///
    /// The work tree must be clean: a package says which revision it holds.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        let dry = self.dry_run.then_some("--dry-run");
        let unbuilt = self.no_build.then_some("--no-verify");
        cmd!(shell, "cargo publish --workspace --locked {dry...} {unbuilt...}").run()?;
        Ok(())
    }
}
