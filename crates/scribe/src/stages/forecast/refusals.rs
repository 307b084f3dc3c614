//! What the real call would refuse, and a forecast must not promise.

use super::silently;
use crate::recipe::Recipe;
use crate::stages::run::Run;
use crate::stages::train::starting_weights;
use crate::stages::train_config::train_config;
use anyhow::bail;
use scribe_train::changed_settings;

/// Refuses a training that cannot begin with its starting weights or with a list of `pictures` entries, or that would not resume
/// from what the run's folder holds.
///
/// # Errors
/// Those of the training itself; for a run that is there every key that differs.
pub(super) fn check(run: &Run, pictures: usize) -> anyhow::Result<()> {
    let recipe = &run.recipe;
    silently(|| starting_weights(run))?;
    train_config(recipe, 0, pictures).check(pictures, 1)?;
    // A file of another version holds nothing that can be compared.
    let Ok(earlier) = Recipe::load(&run.dir.recipe().display().to_string(), &[]) else { return Ok(()) };
    for model in &recipe.models {
        for &seed in recipe.seeds.iter().filter(|&&seed| run.dir.training(&model.id, seed).exists()) {
            let (old, new) = (earlier.training_keys(&model.id, seed), recipe.training_keys(&model.id, seed));
            let changed: Vec<String> = changed_settings(&old, &new).iter().map(ToString::to_string).collect();
            if !changed.is_empty() {
                bail!(
                    "{}: made with other settings, and would not resume:\n  {}\nstart another run (--name), or go back to \
                     the earlier settings",
                    run.dir.training(&model.id, seed).display(),
                    changed.join("\n  ")
                );
            }
        }
    }
    Ok(())
}
