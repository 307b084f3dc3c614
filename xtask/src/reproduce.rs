//! `cargo xtask reproduce`: builds the program and hands the arguments on.

use crate::flags::Reproduce;
use xshell::{Shell, cmd};

impl Reproduce {
    /// Builds quietly, then runs `scribe reproduce` from the folder the user stands in, so that paths mean what they say.
    pub fn run(&self, shell: &Shell) -> anyhow::Result<()> {
        // With `--workspace` the dependencies have the features that the tests built them with: nothing is built twice.
        cmd!(shell, "cargo build --release --workspace --bin scribe").quiet().run()?;
        let program = shell.current_dir().join("target/release/scribe");
        let program = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(target) => std::path::PathBuf::from(target).join("release/scribe"),
            None => program,
        };
        let status = std::process::Command::new(&program).arg("reproduce").args(&self.arguments).status()?;
        std::process::exit(status.code().unwrap_or(1));
    }
}
