//! Joins the stores of the shards of an evaluation.

use crate::run_dir::RunDir;
use crate::shard::Shard;
use anyhow::{Context, bail};
use scribe_base::atomic_file::link_target;
use scribe_records::Store;
use std::path::{Path, PathBuf};

/// Joins `shards`, or all shards in the run's folder where none is named, into the run's store. Returns the number of
/// results.
///
/// # Errors
/// When there is no shard, one cannot be read or was made with other settings, results are missing or there twice, the run
/// has a store already and `replace` is not set, or another process writes in the run. The run's store is then as before.
pub fn merge(dir: &RunDir, shards: &[PathBuf], replace: bool) -> anyhow::Result<usize> {
    // Where the store is a link, the file that it points to is replaced.
    let target = link_target(&dir.store());
    if target.exists() && !replace {
        bail!("{}: the run has a store already; --replace takes the joined one instead", target.display());
    }
    let paths = if shards.is_empty() { own_shards(dir)? } else { shards.to_vec() };
    let stores = paths.iter().map(|path| Store::open(path)).collect::<Result<Vec<_>, _>>()?;
    warn_of_unchecked(&stores);
    dir.claim()?;
    let joined = target.with_extension("joined");
    Store::remove(&joined)?;
    let whole = Store::merge(&joined, &stores)?;
    let results = whole.completed()?.len();
    if whole.data()?.is_none() {
        tracing::warn!(
            "{}: a shard does not say which pictures and labels its results are of",
            target.display()
        );
    }
    whole.close()?;
    Store::replace(&joined, &target)?;
    Ok(results)
}

/// Names the shards in which a bit that was lost since they were written would not be noticed.
fn warn_of_unchecked(stores: &[Store]) {
    for store in stores.iter().filter(|store| store.without_checksum() > 0) {
        tracing::warn!(
            "{}: {} of its rows carry no checksum, because an earlier scribe wrote them; what they lost on the way here \
             would not be noticed",
            store.path().display(),
            store.without_checksum()
        );
    }
}

/// The stores in the run's folder of shards, sorted by name.
fn own_shards(dir: &RunDir) -> anyhow::Result<Vec<PathBuf>> {
    let folder = dir.shards();
    let entries = match std::fs::read_dir(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        other => other
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .with_context(|| folder.display().to_string())?,
    };
    let mut found: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "sqlite"));
    found.sort();
    if found.is_empty() {
        bail!("{}: no shards; `scribe eval --shard I/N` makes them", folder.display());
    }
    check_division(&folder, &found)?;
    Ok(found)
}

/// Refuses shards of two divisions, and a division with a shard missing; files with other names are taken as they are.
fn check_division(folder: &Path, paths: &[PathBuf]) -> anyhow::Result<()> {
    let shards: Vec<Shard> = paths.iter().filter_map(|path| Shard::of_file(path)).collect();
    let Some(first) = shards.first() else { return Ok(()) };
    if let Some(other) = shards.iter().find(|shard| shard.count() != first.count()) {
        bail!(
            "{}: {} and {} are shards of two divisions (expected one: remove the shards of the other)",
            folder.display(),
            first.file_name(),
            other.file_name()
        );
    }
    let missing: Vec<String> =
        first.all().filter(|shard| !shards.contains(shard)).map(|shard| shard.to_string()).collect();
    if let (Some(one), true) = (missing.first(), shards.len() == paths.len()) {
        bail!(
            "{}: the shards {} are missing; `scribe eval --shard {one}` makes the first of them",
            folder.display(),
            missing.join(", ")
        );
    }
    Ok(())
}
