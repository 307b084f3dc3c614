//! Collects the programs that run on a machine with a GPU and without Rust.

use super::test::TESTS;
use anyhow::{Context, bail};
use cargo_metadata::{Artifact, Message};
use std::path::Path;
use std::process::Command;
use xshell::{Shell, cmd};

/// The benchmarks' programs.
const EXAMPLES: [&str; 2] = ["rates", "evaluation_rate"];
/// Tests of several processes, which use NCCL where its feature is on.
const GROUP: &str = "group";

/// Builds the program, tests and benchmarks in the shell's environment, and puts them and this runner into `folder`.
pub(super) fn carry(shell: &Shell, features: &str, folder: &Path) -> anyhow::Result<()> {
    let tests = folder.join("tests");
    std::fs::create_dir_all(&tests).with_context(|| tests.display().to_string())?;
    strip(&std::env::current_exe()?, &folder.join("xtask"))?;
    for artifact in built(shell, features)? {
        let Some(executable) = &artifact.executable else { continue };
        let home = if artifact.target.is_test() { &tests } else { folder };
        strip(executable.as_std_path(), &home.join(&artifact.target.name))?;
    }
    println!("{}: the program, its tests and benchmarks, and this runner", folder.display());
    Ok(())
}

/// What cargo makes of them, all at once, so that each package is compiled once.
fn built(shell: &Shell, features: &str) -> anyhow::Result<Vec<Artifact>> {
    let named = |kind: &'static str, names: &[&'static str]| -> Vec<&'static str> {
        names.iter().flat_map(|name| [kind, *name]).collect()
    };
    let targets =
        [named("--test", &TESTS), named("--test", &[GROUP]), named("--example", &EXAMPLES)].concat();
    let format = "json-render-diagnostics";
    let messages = cmd!(
        shell,
        "cargo build --locked --release --workspace --features {features} --bin scribe {targets...} --message-format {format}"
    );
    let messages = messages.read()?;
    let mut artifacts = Vec::new();
    for message in Message::parse_stream(messages.as_bytes()) {
        if let Message::CompilerArtifact(artifact) = message? {
            artifacts.push(artifact);
        }
    }
    Ok(artifacts)
}

/// A copy without symbols.
fn strip(from: &Path, to: &Path) -> anyhow::Result<()> {
    let status = Command::new("strip").arg("-o").arg(to).arg(from).status().context("strip (of binutils)")?;
    if !status.success() {
        bail!("strip failed on {}", from.display());
    }
    Ok(())
}
