//! `--fresh`: removes an earlier run, after listing its contents and asking for confirmation.

use super::output::say;
use anyhow::{Context, bail};
use scribe::RunDir;
use std::io::IsTerminal;
use std::path::Path;

/// Removes an earlier run, so that the next one starts from nothing.
///
/// Removes only a folder that a run has made: one with a recipe.toml, and without other runs below it. All that is in it goes,
/// files that somebody has put beside the run's too. It prints what and how much that is, and wants `yes` or a yes on the
/// terminal.
///
/// # Errors
/// When no run has made the folder, another process writes in it, the answer is no, there is no terminal to ask, or it cannot
/// be removed.
pub(crate) fn remove_earlier(run: &RunDir, yes: bool) -> anyhow::Result<()> {
    let root = run.root();
    let shown = root.display();
    if !root.exists() || !run.recipe().exists() && foreign(root)?.is_none() {
        return Ok(());
    }
    if let (false, Some(name)) = (run.recipe().exists(), foreign(root)?) {
        bail!(
            "{shown}: --fresh removes only folders that a run has made, but it holds {name} and no recipe.toml (expected another --name)"
        );
    }
    if let Some(other) = run_below(root)? {
        bail!(
            "{shown}: --fresh removes one run, but there is another in it, {other} (expected the folder of one run)"
        );
    }
    run.claim()?;
    let (mut files, mut bytes) = (0, 0);
    measure(root, &mut files, &mut bytes)?;
    let size = bytes as f64 / 1e6;
    let what = format!("{shown}: an earlier run, {files} files, {size:.1} MB with all else in its folder");
    if !yes && !confirmed(&what)? {
        bail!("{what}: nothing was removed; without --fresh the run resumes");
    }
    say(&format!("{what}, is removed"));
    run.clear()
}

/// Asks on the terminal.
fn confirmed(what: &str) -> anyhow::Result<bool> {
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        bail!(
            "{what}: --fresh would remove it; add --yes if that is meant, or leave out --fresh and the run resumes"
        );
    }
    say(&format!("{what}. Remove it? [y/N]"));
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).context("the answer cannot be read")?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// The name of a file that no run makes before its recipe.toml.
fn foreign(root: &Path) -> anyhow::Result<Option<String>> {
    let own = |name: &str| {
        name.starts_with('.') || name.contains("lock") || ["synthetic", super::common::LOG].contains(&name)
    };
    let names = entries(root)?.into_iter().map(|entry| entry.file_name().to_string_lossy().into_owned());
    Ok(names.into_iter().find(|name| !own(name)))
}

/// A folder in `root` that is itself a run.
fn run_below(root: &Path) -> anyhow::Result<Option<String>> {
    let found =
        entries(root)?.into_iter().map(|entry| entry.path()).find(|path| path.join("recipe.toml").exists());
    Ok(found.map(|path| path.display().to_string()))
}

fn measure(folder: &Path, files: &mut u64, bytes: &mut u64) -> anyhow::Result<()> {
    for entry in entries(folder)? {
        let found = entry.metadata().with_context(|| entry.path().display().to_string())?;
        if found.is_dir() {
            measure(&entry.path(), files, bytes)?;
        } else {
            (*files, *bytes) = (*files + 1, *bytes + found.len());
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> anyhow::Result<Vec<std::fs::DirEntry>> {
    let all = std::fs::read_dir(folder).and_then(Iterator::collect);
    all.with_context(|| folder.display().to_string())
}
