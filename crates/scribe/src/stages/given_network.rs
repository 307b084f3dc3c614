//! A network of a known architecture from a file, as one more model of a recipe.

use super::entered_as::EnteredAs;
use crate::recipe::{CheckedRecipe, ClassesSetting, ModelRecipe, NetworkName, NetworkSetting};
use crate::run_dir::RunDir;
use scribe_model::{ObjectiveConfig, VoidRule};
use std::path::PathBuf;

/// The weights of a network that the recipe does not have, and how it is entered.
#[derive(Clone, Debug)]
pub struct GivenNetwork {
    /// The file.
    pub file: PathBuf,
    /// Its architecture.
    pub network: NetworkName,
    /// Names and classes. The modes are those of the recipe.
    pub entered: EnteredAs,
}

impl GivenNetwork {
    /// The recipe with this network as one more model. Without a label it keeps the one that it has in the store of `dir`.
    ///
    /// # Errors
    /// The id, the label, the classes or the map cannot be used, or a model of the recipe has the id or the label.
    pub fn added_to(&self, recipe: CheckedRecipe, dir: &RunDir) -> anyhow::Result<CheckedRecipe> {
        let EnteredAs { id, label, classes, map, .. } = &self.entered;
        self.entered.check_id(&recipe, "--weights")?;
        let earlier = || anyhow::Ok(self.entered.earlier(&dir.own_store())?.map(|info| info.label));
        let label = match label {
            Some(label) => label.clone(),
            None => earlier()?.unwrap_or_else(|| id.clone()),
        };
        Ok(recipe.with_model(ModelRecipe {
            id: id.clone(),
            label,
            weights: Some(self.file.clone()),
            map: map.clone(),
            objective: ObjectiveConfig::Softmax { void: VoidRule::Ignore },
            classes: classes.clone().map(ClassesSetting::Name),
            network: Some(NetworkSetting::Name(self.network)),
        })?)
    }
}
