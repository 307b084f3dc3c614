//! What a reader of a report wants to know about a run, besides the keys that decide its results.

use super::Manifest;
use std::collections::BTreeMap;

const NAME: &str = "name";
const SET: &str = "data.set";
const SYNTHETIC: &str = "data.drawn";
/// A key of recipes themselves.
const PRETRAINED: &str = "train.pretrained";

/// What the report says about the run. A manifest keeps it as text among the recipe's keys (FORMAT.md).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFacts {
    /// The recipe's name; empty where the store does not say.
    pub name: String,
    /// The set of images in words; empty where the store does not say.
    pub set: String,
    /// Whether scribe drew the images itself.
    pub synthetic: bool,
}

impl RunFacts {
    /// Writes the facts among the keys of a recipe.
    pub(super) fn insert_into(&self, recipe: &mut BTreeMap<String, String>) {
        recipe.insert(NAME.to_owned(), self.name.clone());
        recipe.insert(SET.to_owned(), self.set.clone());
        recipe.insert(SYNTHETIC.to_owned(), self.synthetic.to_string());
    }
}

impl Manifest {
    /// The facts that were given to [`Manifest::facts`].
    pub fn run_facts(&self) -> RunFacts {
        let text = |key: &str| self.recipe.get(key).cloned().unwrap_or_default();
        RunFacts { name: text(NAME), set: text(SET), synthetic: text(SYNTHETIC) == "true" }
    }

    /// Whether the recipe starts from pretrained weights; `None` where it does not say.
    pub fn pretrained(&self) -> Option<bool> {
        self.recipe.get(PRETRAINED).map(|value| value == "true")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_kept_under_the_keys_of_earlier_stores() {
        let facts =
            RunFacts { name: "smoke".into(), set: "drawn pictures, val list".into(), synthetic: true };
        let manifest = Manifest::new(["background"]).facts(&facts);
        assert_eq!(manifest.run_facts(), facts);
        // FORMAT.md: the names of the keys and the form of their values.
        let keys: Vec<_> = manifest.recipe.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(
            keys,
            [("data.drawn", "true"), ("data.set", "drawn pictures, val list"), ("name", "smoke")]
        );
        assert_eq!(manifest.pretrained(), None);
    }
}
