//! Where the network of a model lies: in its training's folder, or where `--weights` says.

use super::RunInputs;
use crate::recipe::{Checked, ModelRecipe};
use crate::run_dir::RunDir;
use anyhow::bail;
use std::path::PathBuf;

/// The models and seeds that are evaluated: all of the recipe, or those alone that were given weights.
///
/// # Errors
/// When weights are given to no model of the recipe, or to one that the recipe trains from several seeds.
pub(super) fn wanted<'r>(
    recipe: &'r Checked,
    places: &RunInputs,
) -> anyhow::Result<Vec<(&'r ModelRecipe, u64)>> {
    let given = &places.weights;
    for id in given.keys() {
        if !recipe.models.iter().any(|contestant| contestant.id == *id) {
            let known: Vec<_> = recipe.models.iter().map(|contestant| contestant.id.as_str()).collect();
            bail!(
                "--weights {id}=...: recipe {} has no such model (it has {})",
                recipe.name,
                known.join(", ")
            );
        }
    }
    if let (Some(id), [_, _, ..]) = (given.keys().next(), recipe.seeds.as_slice()) {
        let seeds = &recipe.seeds;
        bail!(
            "--weights {id}=...: recipe {} has the seeds {seeds:?}, one file is one network; add --set seeds=[{}]",
            recipe.name,
            seeds[0]
        );
    }
    let models =
        recipe.models.iter().filter(|contestant| given.is_empty() || given.contains_key(&contestant.id));
    Ok(models.flat_map(|contestant| recipe.seeds.iter().map(move |&seed| (contestant, seed))).collect())
}

/// The file of one network.
pub(super) fn path(places: &RunInputs, run: &RunDir, id: &str, seed: u64) -> PathBuf {
    places.weights.get(id).cloned().unwrap_or_else(|| run.checkpoint(id, seed))
}
