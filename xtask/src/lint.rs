//! `cargo xtask lint`: runs rustfmt, clippy and rustdoc, and fails on any warning; then it looks at other people's packages.

use xshell::{Shell, cmd};

/// Runs them, and stops at the first that fails.
pub(crate) fn run(shell: &Shell) -> anyhow::Result<()> {
    cmd!(shell, "cargo fmt --all --check").quiet().run()?;
    // The Python package is a workspace of its own; `cargo xtask wheel` runs clippy there.
    cmd!(shell, "cargo fmt --manifest-path crates/python/Cargo.toml --check").quiet().run()?;
    cmd!(shell, "cargo clippy --locked --release --workspace --all-targets -- -D warnings").quiet().run()?;
    let _deny = shell.push_env("RUSTDOCFLAGS", "-D warnings");
    cmd!(shell, "cargo doc --locked --release --workspace --no-deps").quiet().run()?;
    crate::deny::run(shell)
}
