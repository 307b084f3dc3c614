//! Reads the counts of a run, for commands that judge or compare runs.

use anyhow::{Context, bail};
use scribe::RunDir;
use scribe_analysis::gate::ScoredRun;
use scribe_records::Store;
use std::path::Path;

/// What a run has counted.
///
/// # Errors
/// The folder has no store, or one that cannot be read or has no results.
pub(crate) fn read_run(folder: &Path) -> anyhow::Result<ScoredRun> {
    let path = RunDir::new(folder.to_owned()).store();
    if !path.try_exists().with_context(|| path.display().to_string())? {
        bail!("{}: no store; `scribe eval` or `scribe reproduce` makes one", path.display());
    }
    let run = ScoredRun::read(&folder.display().to_string(), &Store::open(&path)?)?;
    if run.view.confusions.is_empty() {
        bail!("{}: no results yet; `scribe eval` or `scribe reproduce` adds them", path.display());
    }
    Ok(run)
}
