//! Adding to a store: what must be equal, and what may be new.

use super::{Manifest, ModelInfo};
use crate::ModelId;
use std::collections::BTreeSet;
use std::fmt;

/// One setting whose value in the store is not the wanted one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The recipe key, or `manifest.` and the field's name.
    pub key: String,
    /// The value in the store; empty where the store has none.
    pub old: String,
    /// The wanted value; empty where none is wanted.
    pub new: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_unset = |v: &str| if v.is_empty() { "(unset)".to_owned() } else { v.to_owned() };
        write!(f, "{}: {} -> {}", self.key, or_unset(&self.old), or_unset(&self.new))
    }
}

impl Manifest {
    /// Everything that forbids adding `new`'s results to a store of `self`: the recipe, the checkpoint of a model that
    /// both have, the implementation of a corruption that both have, classes, view, channel order, seed.
    ///
    /// Models, modes, corruptions, severities, further master seeds and images may be added, so they are not compared.
    pub fn differences(&self, new: &Manifest) -> Vec<Difference> {
        let mut found = self.recipe_differences(new);
        let mut compare = |key: String, old: String, new: String| {
            if old != new {
                found.push(Difference { key, old, new });
            }
        };
        let field = |name: &str| format!("manifest.{name}");
        compare(field("class_names"), self.class_names.join(" "), new.class_names.join(" "));
        compare(field("has_background"), self.has_background.to_string(), new.has_background.to_string());
        compare(field("suite"), self.suite.clone(), new.suite.clone());
        compare(field("frost_source"), self.frost_source.to_string(), new.frost_source.to_string());
        compare(field("master_seed"), self.master_seed.to_string(), new.master_seed.to_string());
        compare(field("view"), self.view.clone(), new.view.clone());
        compare(field("channel_order"), self.channel_order.clone(), new.channel_order.clone());
        compare(field("corruption_place"), self.corruption_place.clone(), new.corruption_place.clone());
        compare(field("moment_blocks"), self.moment_blocks.to_string(), new.moment_blocks.to_string());
        for c in &self.corruptions {
            if let Some(other) = new.corruptions.iter().find(|o| o.name == c.name) {
                let key = field(&format!("implementation.{}", c.name));
                compare(key, c.implementation.clone(), other.implementation.clone());
            }
        }
        for m in &self.models {
            if let Some(other) = new.model(&m.id, m.seed) {
                let key = field(&format!("checkpoint_sha256.{}.seed-{}", m.id, m.seed));
                compare(key, m.checkpoint_sha256.clone(), other.checkpoint_sha256.clone());
            }
        }
        found
    }

    /// A label of `new` that another model of this manifest has: the label, that model, and the model that wants it. Rows of two
    /// models of one name could not be told apart.
    pub fn label_taken(&self, new: &Manifest) -> Option<(String, ModelId, ModelId)> {
        let clash = |m: &ModelInfo| {
            let named = self.models.iter().filter(|_| !m.label.is_empty());
            let other = named.into_iter().find(|o| o.id != m.id && o.label == m.label)?;
            Some((m.label.clone(), other.id.clone(), m.id.clone()))
        };
        new.models.iter().find_map(clash)
    }

    /// A model that `new` has under another label: the model, its label here, and that of `new`.
    pub(crate) fn relabelled(&self, new: &Manifest) -> Option<(ModelId, String, String)> {
        let label = |of: &Manifest, id| of.models.iter().find(|m| m.id == id).map(|m| m.label.clone());
        new.models.iter().find_map(|model| {
            let earlier = label(self, model.id.clone()).filter(|label| *label != model.label)?;
            Some((model.id.clone(), earlier, model.label.clone()))
        })
    }

    /// This manifest with `new`'s models, modes, corruptions, severities, further master seeds and images added.
    pub(crate) fn extended(&self, new: &Manifest) -> Manifest {
        let mut all = self.clone();
        all.models = joined(&self.models, &new.models, |m| (m.id.clone(), m.seed));
        // The same model under another label gets the new one.
        for m in &mut all.models {
            if let Some(now) = new.models.iter().find(|now| now.id == m.id) {
                m.label.clone_from(&now.label);
            }
        }
        all.modes = joined(&self.modes, &new.modes, |m| m.clone());
        all.corruptions = joined(&self.corruptions, &new.corruptions, |c| c.name.clone());
        all.further_seeds = joined(&self.further_seeds, &new.further_seeds, |seed| *seed);
        all.drawless = joined(&self.drawless, &new.drawless, |name| name.clone());
        all.images = joined(&self.images, &new.images, |i| i.clone());
        all.severities.extend(&new.severities);
        all.severities.sort_unstable();
        all.severities.dedup();
        let revision = &new.code_revision;
        if *revision != self.code_revision && !self.later_revisions.contains(revision) {
            all.later_revisions.push(revision.clone());
        }
        all
    }

    fn recipe_differences(&self, new: &Manifest) -> Vec<Difference> {
        if self.recipe_digest == new.recipe_digest {
            return Vec::new();
        }
        let keys: BTreeSet<&String> = self.recipe.keys().chain(new.recipe.keys()).collect();
        let value = |of: &Manifest, key: &String| of.recipe.get(key).cloned().unwrap_or_default();
        let both = |key: &String| (value(self, key), value(new, key));
        let mut found: Vec<Difference> = keys
            .into_iter()
            .map(|key| (key.clone(), both(key)))
            .filter(|(_, (old, new))| old != new)
            .map(|(key, (old, new))| Difference { key, old, new })
            .collect();
        if found.is_empty() {
            let (old, new) = (self.recipe_digest.clone(), new.recipe_digest.clone());
            found.push(Difference { key: "recipe_digest".to_owned(), old, new });
        }
        found
    }
}

/// The new list, with its order, where it has everything that the old one has; otherwise the old list followed by what
/// only the new one has.
fn joined<T: Clone, K: Ord>(old: &[T], new: &[T], key: impl Fn(&T) -> K) -> Vec<T> {
    let had: BTreeSet<K> = old.iter().map(&key).collect();
    let came: BTreeSet<K> = new.iter().map(&key).collect();
    if had.is_subset(&came) {
        return new.to_vec();
    }
    old.iter().chain(new.iter().filter(|item| !had.contains(&key(item)))).cloned().collect()
}
