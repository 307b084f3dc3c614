//! `cargo xtask lint`: runs rustfmt, clippy and rustdoc, and fails on any warning; then it looks at other people's packages.

use crate::workspace::target;
use xshell::{Shell, cmd};

/// Runs them, and stops at the first that fails.
pub(crate) fn run(shell: &Shell) -> anyhow::Result<()> {
    cmd!(shell, "cargo fmt --all --check").quiet().run()?;
    // The Python package is a workspace of its own, whose shared packages are built in this one's versions.
    let python = "crates/python/Cargo.toml";
    cmd!(shell, "cargo fmt --manifest-path {python} --check").quiet().run()?;
    cmd!(shell, "cargo clippy --locked --release --workspace --all-targets -- -D warnings").quiet().run()?;
    shell.copy_file("Cargo.lock", "crates/python/Cargo.lock")?;
    let build = target().join("wheel/build");
    cmd!(shell, "cargo clippy --release --manifest-path {python} --target-dir {build} -- -D warnings")
        .quiet()
        .run()?;
    let _deny = shell.push_env("RUSTDOCFLAGS", "-D warnings");
    cmd!(shell, "cargo doc --locked --release --workspace --no-deps").quiet().run()?;
    crate::deny::run(shell)
}
