//! What the real call would refuse: a forecast of it would promise too much.

use super::super::train::settings;
use crate::recipe::{Checked, Recipe};
use crate::run_dir::RunDir;
use anyhow::bail;
use scribe_records::Difference;

/// Refuses a training that cannot begin with so many pictures, or that would not go on with what lies in the run's folder.
///
/// # Errors
/// Names the setting, and for a run that is there every key that differs.
pub(super) fn check(recipe: &Checked, run: &RunDir, pictures: usize) -> anyhow::Result<()> {
    settings(recipe, 0, pictures).check(pictures, 1)?;
    // A file of another version says nothing that can be compared.
    let Ok(earlier) = Recipe::load(&run.recipe().display().to_string(), &[]) else { return Ok(()) };
    for contestant in &recipe.models {
        for &seed in recipe.seeds.iter().filter(|&&seed| run.training(&contestant.id, seed).exists()) {
            let changed = changed(&earlier, recipe, &contestant.id, seed);
            if !changed.is_empty() {
                bail!(
                    "{}: made with other settings, and would not go on:\n  {}\nstart another run (--name), or go back to \
                     the earlier settings",
                    run.training(&contestant.id, seed).display(),
                    changed.join("\n  ")
                );
            }
        }
    }
    Ok(())
}

/// The keys of one training that differ.
fn changed(earlier: &Recipe, recipe: &Recipe, id: &str, seed: u64) -> Vec<String> {
    let (old, new) = (earlier.training_keys(id, seed), recipe.training_keys(id, seed));
    let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
    keys.sort();
    keys.dedup();
    let value =
        |of: &std::collections::BTreeMap<String, String>, key| of.get(key).cloned().unwrap_or_default();
    let both = keys.into_iter().map(|key| Difference {
        key: key.clone(),
        old: value(&old, key),
        new: value(&new, key),
    });
    both.filter(|difference| difference.old != difference.new)
        .map(|difference| difference.to_string())
        .collect()
}
