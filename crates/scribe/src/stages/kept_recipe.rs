//! The recipe in a run's folder: once there is a store, its `[eval]` says what the store was made with.

use super::run::Run;
use crate::recipe::{EvalSection, GivenCondition, Recipe};
use scribe_records::{CorruptionInfo, Manifest, Store};
use std::collections::BTreeSet;

/// Brings `[eval]` of the kept recipe to what `store` has taken from a call that wanted `wanted`. Everything else stays: it is
/// that of the trainings that lie there, which a call that only evaluates need not repeat. `is_new` says that the store was
/// made by this call, so that it holds nothing of earlier settings.
///
/// # Errors
/// The file cannot be written.
pub(super) fn update(run: &Run, store: &Store, wanted: &Manifest, is_new: bool) -> anyhow::Result<()> {
    let path = run.dir.recipe();
    if run.dir.shard().is_some() && run.dir.store().exists() {
        // The report is of the whole store, which knows nothing of this shard yet.
        return Ok(());
    }
    // The draws are taken from the store. An earlier version took a list that did not begin with the master seed.
    let kept = match Recipe::load(&path.to_string_lossy(), &["eval.master_seeds=[]".to_owned()]) {
        Ok(kept) => kept,
        Err(error) => {
            tracing::warn!("{}: left as it is, though it cannot be read: {error}", path.display());
            return Ok(());
        }
    };
    let earlier = (!is_new).then_some(&kept.eval);
    let eval = eval_of(&run.recipe.eval, earlier, store.manifest(), wanted);
    let updated = Recipe { eval, ..(*kept).clone() };
    let text = toml::to_string(&updated)?;
    // A file that says the same already is not touched: processes with other shards write it too.
    if std::fs::read_to_string(&path).is_ok_and(|before| before == text) {
        return Ok(());
    }
    Ok(scribe_base::atomic_file::write(&path, text.as_bytes())?)
}

/// The settings of a call, with what the store also holds from earlier ones.
fn eval_of(
    call: &EvalSection,
    earlier: Option<&EvalSection>,
    store: &Manifest,
    wanted: &Manifest,
) -> EvalSection {
    let mut eval = call.clone();
    // The words of the call, such as `all`, stay where they say the same.
    if made(store) != made(wanted) {
        let corruptions = store.corruptions.iter().filter(|c| !c.is_given());
        eval.corruptions = corruptions.map(|c| c.name.clone()).collect();
    }
    let severities = |of: &Manifest| of.severities.iter().copied().collect::<BTreeSet<u8>>();
    if severities(store) != severities(wanted) {
        eval.severities.clone_from(&store.severities);
    }
    if store.further_seeds != wanted.further_seeds {
        eval.master_seed = Some(store.master_seed);
        eval.master_seeds = [&[store.master_seed], &store.further_seeds[..]].concat();
    }
    let Some(earlier) = earlier else { return eval };
    // A program that is entered has a mode of its own, in which the networks of the recipe were not evaluated.
    let in_store = |mode: &&String| store.modes.iter().any(|kept| kept.as_str() == mode.as_str());
    let modes = earlier.modes.iter().filter(in_store);
    eval.modes =
        modes.chain(call.modes.iter().filter(|mode| !earlier.modes.contains(mode))).cloned().collect();
    // The store takes the severities of one name together, so a name is all of the call's or all of the earlier one's.
    let left = |given: &&GivenCondition| {
        let name = format!("{}{}", CorruptionInfo::GIVEN_PREFIX, given.name);
        store.corruptions.iter().any(|c| c.name == name)
            && call.conditions.iter().all(|c| c.name != given.name)
    };
    let conditions = earlier.conditions.iter().filter(left);
    eval.conditions = conditions.chain(&call.conditions).cloned().collect();
    eval.panels = eval.panels.max(earlier.panels);
    eval
}

/// The corruptions that are made and not given.
fn made(manifest: &Manifest) -> BTreeSet<&str> {
    manifest.corruptions.iter().filter(|c| !c.is_given()).map(|c| c.name.as_str()).collect()
}
