//! The digest of a recipe: results may share a store only if their recipes have the same digest.

use super::Recipe;
use scribe_base::digest::sha256_hex;
use serde_json::Value;
use std::collections::BTreeMap;

/// Keys that may change without invalidating a store: they are part of the key of each result, or decide only what is
/// shown.
const CHANGEABLE_KEYS: [&str; 11] = [
    "name",
    "source",
    "seeds",
    "models",
    "data.max_pixels",
    "eval.corruptions",
    "eval.severities",
    "eval.modes",
    "eval.conditions",
    "eval.master_seeds",
    "eval.panels",
];

impl Recipe {
    /// Every key with its value, flattened (`train.batch` = `30`).
    pub fn flattened(&self) -> BTreeMap<String, String> {
        let mut flat = BTreeMap::new();
        flatten("", &serde_json::to_value(self).expect("a recipe holds plain values"), &mut flat);
        flat
    }

    /// The recipe's keys that the numbers of a store depend on, in addition to the keys of the results themselves.
    pub fn identity(&self) -> BTreeMap<String, String> {
        let mut flat = self.flattened();
        let below =
            |key: &str, parent: &str| key.strip_prefix(parent).is_some_and(|rest| rest.starts_with('.'));
        flat.retain(|key, _| {
            !CHANGEABLE_KEYS.iter().any(|changeable| key == changeable || below(key, changeable))
        });
        flat
    }

    /// SHA-256 of [`Recipe::identity`], the first 16 digits: the digest of a store.
    pub fn digest(&self) -> String {
        sha(&self.identity())
    }

    /// The keys that decide the training of one model, whatever is tested later.
    pub fn training_keys(&self, id: &str, seed: u64) -> BTreeMap<String, String> {
        let mut flat = self.identity();
        flat.retain(|key, _| !key.starts_with("eval."));
        if let Some(model) = self.models.iter().find(|model| model.id == id) {
            let objective = serde_json::to_value(model.objective).expect("plain values");
            flatten("objective", &objective, &mut flat);
        }
        flat.insert("seed".into(), seed.to_string());
        flat
    }

    /// The digest of [`Recipe::training_keys`].
    pub fn training_digest(&self, id: &str, seed: u64) -> String {
        sha(&self.training_keys(id, seed))
    }
}

fn sha(keys: &BTreeMap<String, String>) -> String {
    let lines: String = keys.iter().map(|(key, value)| format!("{key} = {value}\n")).collect();
    let mut digits = sha256_hex(lines);
    digits.truncate(16);
    digits
}

fn flatten(prefix: &str, value: &Value, flat: &mut BTreeMap<String, String>) {
    let join = |key: &str| if prefix.is_empty() { key.to_string() } else { format!("{prefix}.{key}") };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, inner)| flatten(&join(key), inner, flat)),
        Value::Array(list) if list.iter().any(Value::is_object) => {
            list.iter()
                .enumerate()
                .for_each(|(index, inner)| flatten(&join(&index.to_string()), inner, flat));
        }
        plain => {
            flat.insert(prefix.to_string(), plain.to_string());
        }
    }
}
