//! `cargo xtask torture`: kills commands at random moments and inside themselves, fills disks, and compares what they leave.

use crate::flags::Torture;
use xshell::{Shell, cmd};

impl Torture {
    /// Builds a program with kill points, and runs the test of killed commands as long as is asked for.
    pub(crate) fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        let folder = match &self.folder {
            Some(folder) => std::path::absolute(folder)?,
            None => crate::workspace::target().join("torture"),
        };
        if folder.exists() {
            anyhow::bail!(
                "{}: is there already (remove it, or name another with --folder)",
                folder.display()
            );
        }
        shell.set_var("SCRIBE_TORTURE_KILLS", self.kills.to_string());
        shell.set_var("SCRIBE_TORTURE_SEED", self.seed.to_string());
        shell.set_var("SCRIBE_TORTURE_FOLDER", &folder);
        if let Some(only) = &self.only {
            shell.set_var("SCRIBE_TORTURE_ONLY", only);
        }
        let test = cmd!(
            shell,
            "cargo test --release --workspace --features scribe-robustness/kill-points --test torture -- --nocapture"
        );
        let outcome = test.quiet().run();
        // The program with kill points must not stay where the others look for theirs.
        cmd!(shell, "cargo build --release --workspace --bin scribe").quiet().run()?;
        Ok(outcome?)
    }
}
