//! Whether a corrupted set holds the pictures that a recipe's evaluation shows.

use super::settings::Settings;
use crate::recipe::Recipe;
use anyhow::bail;
use scribe_corruptions::Suite;
use std::path::Path;

/// Refuses a set that was made with other settings than `recipe` tests with.
///
/// # Errors
/// Names every setting that differs, or says that the folder is no corrupted set.
pub(crate) fn check_made_for(folder: &Path, recipe: &Recipe, suite: &Suite) -> anyhow::Result<()> {
    let path = folder.join("set.json");
    let set = Settings::read(&path)?;
    let mut pairs = vec![
        ("suite".to_owned(), set.suite.clone(), suite.name().to_owned()),
        ("view".to_owned(), set.view.clone(), recipe.eval.view.clone()),
        ("master_seed".to_owned(), set.master_seed.to_string(), recipe.eval.master_seed.to_string()),
        ("frost_source".to_owned(), set.frost_source.clone(), suite.frost_source().to_owned()),
    ];
    for member in &set.corruptions {
        if let Ok(ours) = suite.get(&member.name) {
            let key = format!("implementation of {}", member.name);
            pairs.push((key, member.implementation.clone(), ours.implementation().to_owned()));
        }
    }
    let differing: Vec<String> = pairs
        .into_iter()
        .filter(|(_, set, recipe)| set != recipe)
        .map(|(key, set, recipe)| format!("\n  {key}: {set} in the set, {recipe} in the recipe"))
        .collect();
    if !differing.is_empty() {
        bail!(
            "{}: made with other settings than the recipe tests with:{}",
            path.display(),
            differing.concat()
        );
    }
    Ok(())
}
