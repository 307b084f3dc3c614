//! What other people's packages may be: their licences, where they come from, and that no vulnerability of theirs is known.

use xshell::{Shell, cmd};

/// How to get the program that looks.
const INSTALL: &str = "cargo install --locked cargo-deny";

/// Checks the packages of the lock file by `deny.toml`. Where cargo-deny is not installed, or the database of
/// vulnerabilities cannot be had, it says so and lets the rest pass.
///
/// # Errors
/// A package is not as `deny.toml` wants it.
pub(crate) fn run(shell: &Shell) -> anyhow::Result<()> {
    let installed = cmd!(shell, "cargo deny --version").quiet().ignore_stdout().ignore_stderr();
    if installed.run().is_err() {
        println!("not checked: the packages' licences, sources and vulnerabilities ({INSTALL})");
        return Ok(());
    }
    let kinds = ["licenses", "bans", "sources"];
    cmd!(shell, "cargo deny --locked check --hide-inclusion-graph {kinds...}").quiet().run()?;
    let fetched = cmd!(shell, "cargo deny fetch db").quiet().ignore_stdout().ignore_stderr();
    if fetched.run().is_err() {
        println!("not checked: the packages' vulnerabilities (the database of RustSec cannot be reached)");
        return Ok(());
    }
    cmd!(shell, "cargo deny --locked check --disable-fetch advisories").quiet().run()?;
    Ok(())
}
