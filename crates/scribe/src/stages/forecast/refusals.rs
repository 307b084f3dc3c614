//! What the real call would refuse, and a forecast must not promise.

use crate::recipe::Recipe;
use crate::stages::run::Run;
use crate::stages::train_config::train_config;
use anyhow::bail;
use scribe_records::Difference;
use std::collections::BTreeMap;

/// Refuses a training that cannot begin with so many pictures, or that would not go on with what the run's folder holds.
///
/// # Errors
/// Names the setting, and for a run that is there every key that differs.
pub(super) fn check(run: &Run, pictures: usize) -> anyhow::Result<()> {
    let recipe = &run.recipe;
    train_config(recipe, 0, pictures).check(pictures, 1)?;
    // A file of another version holds nothing that can be compared.
    let Ok(earlier) = Recipe::load(&run.dir.recipe().display().to_string(), &[]) else { return Ok(()) };
    for model in &recipe.models {
        for &seed in recipe.seeds.iter().filter(|&&seed| run.dir.training(&model.id, seed).exists()) {
            let (old, new) = (earlier.training_keys(&model.id, seed), recipe.training_keys(&model.id, seed));
            let changed = changed(&old, &new);
            if !changed.is_empty() {
                bail!(
                    "{}: made with other settings, and would not go on:\n  {}\nstart another run (--name), or go back to \
                     the earlier settings",
                    run.dir.training(&model.id, seed).display(),
                    changed.join("\n  ")
                );
            }
        }
    }
    Ok(())
}

/// The keys that differ, one line for each.
fn changed(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<String> {
    let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
    keys.sort();
    keys.dedup();
    let value = |of: &BTreeMap<String, String>, key| of.get(key).cloned().unwrap_or_default();
    let both = keys.into_iter().map(|key| Difference {
        key: key.clone(),
        old: value(old, key),
        new: value(new, key),
    });
    both.filter(|difference| difference.old != difference.new)
        .map(|difference| difference.to_string())
        .collect()
}
