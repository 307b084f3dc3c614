//! Which models of a recipe come from files, and of which architecture they are.

use super::{ModelRecipe, NetworkSetting};
use scribe_model::DeepLabConfig;

impl ModelRecipe {
    /// Whether it is trained here: it has no file of its own, the network of `[model]`, and the classes that are scored.
    pub(crate) fn is_trained(&self) -> bool {
        !self.is_entered() && self.classes.is_none() && self.map.is_none()
    }

    /// Whether the recipe enters a network from elsewhere that has nothing to do with its seeds: its training seed is 0.
    pub(crate) fn is_entered(&self) -> bool {
        self.weights.is_some() || self.network.is_some()
    }

    /// Its architecture; `shared` is that of `[model]`, which a model has that does not name another one.
    pub(crate) fn network_or(&self, shared: &DeepLabConfig) -> DeepLabConfig {
        self.network.as_ref().map_or_else(|| shared.clone(), NetworkSetting::config)
    }

    /// What is added to the hash of its file: the same weights in another architecture are another network. Nothing for the
    /// architecture of `[model]`, which is part of the recipe's digest.
    pub(crate) fn network_mark(&self) -> String {
        self.network.as_ref().map_or_else(String::new, |network| format!(" network:{}", network.digest()))
    }
}
