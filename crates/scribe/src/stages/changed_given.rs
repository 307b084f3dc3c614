//! Which pictures of a given condition have changed since the store's results: the hash that forbids going on is of all.

use super::given_conditions::Given;
use super::run::Run;
use anyhow::Context;
use scribe_base::digest::sha256_hex;
use scribe_dataset::Split;
use scribe_records::{Condition, CorruptionInfo, Error, Store};
use std::collections::BTreeMap;
use std::path::Path;

/// Pictures that are named.
const NAMED: usize = 5;

/// Adds to the error of a store that was made with other given pictures which ones they are.
pub(super) fn explained(run: &Run, store: &Path, error: Error) -> anyhow::Error {
    let given = format!("manifest.implementation.{}", CorruptionInfo::GIVEN_PREFIX);
    let changed = match &error {
        Error::Digest { differences, .. } if differences.iter().any(|d| d.key.starts_with(&given)) => {
            changed(run, store).unwrap_or_else(|why| {
                tracing::debug!("the given pictures were not compared: {why:#}");
                Vec::new()
            })
        }
        _ => Vec::new(),
    };
    let named = changed.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match changed.len() {
        0 => error.into(),
        1..=NAMED => anyhow::Error::from(error).context(named),
        more => anyhow::Error::from(error).context(format!("{named} and {} more", more - NAMED)),
    }
}

/// Every given picture whose pixels are not those of the store's results, or that cannot be read.
fn changed(run: &Run, store: &Path) -> anyhow::Result<Vec<String>> {
    let store = Store::open(store)?;
    let inputs = store.inputs()?.into_iter();
    let known: BTreeMap<(String, Condition), String> =
        inputs.map(|input| ((input.image_id, input.condition), input.sha256)).collect();
    let view = run.protocol()?.view;
    let mut changed = Vec::new();
    for Given { condition, split, .. } in run.pictures()?.given() {
        for id in split.ids() {
            let Some(before) = known.get(&(id.to_string(), condition.clone())) else { continue };
            let name = condition.corruption.strip_prefix(CorruptionInfo::GIVEN_PREFIX);
            let name = name.context("a given condition has its prefix")?;
            let place = format!("[[eval.conditions]] {name}:{}, image {id}", condition.severity);
            let shown = split
                .load(id)
                .and_then(|sample| view.check(sample.image.dimensions()).map(|()| view.apply(sample)));
            match shown.map(|sample| sha256_hex(sample.image.as_raw())) {
                Ok(now) if now == *before => {}
                Ok(_) => changed.push(format!("{place}: another picture than before")),
                Err(error) => changed.push(format!("{place}: {error}")),
            }
        }
    }
    Ok(changed)
}
