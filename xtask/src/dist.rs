//! `cargo xtask dist`: builds a small program to give to others.

use anyhow::Context;
use xshell::{Shell, cmd};

/// Builds it under the profile `dist` and says where it is and how large.
pub(crate) fn run(shell: &Shell) -> anyhow::Result<()> {
    cmd!(
        shell,
        "cargo build --locked --profile dist --package scribe-robustness --features parquet --bin scribe"
    )
    .quiet()
    .run()?;
    let program = crate::workspace::target().join("dist/scribe");
    let bytes = std::fs::metadata(&program).with_context(|| program.display().to_string())?.len();
    println!("{}: {:.1} MB", program.display(), bytes as f64 / 1e6);
    Ok(())
}
