//! What a store says about itself: how its results were made and what may be added to it.

mod extend;

pub use extend::Difference;

use crate::{Condition, Mode, ModelId, Series};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How the results of a store were made, written as JSON into the store.
///
/// There is no clock in it: the same run on the same code writes the same manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Digest of the recipe keys that decide results; stores of different digests never mix.
    pub recipe_digest: String,
    /// Those keys, flattened (`eval.view` = `squash-224`), so that a mismatch can be shown key by key.
    pub recipe: BTreeMap<String, String>,
    /// The revision of the code that created the store.
    pub code_revision: String,
    /// Other revisions that added to the store later, in the order in which they came.
    pub later_revisions: Vec<String>,
    /// Versions of what takes part: our crates, candle, the compiler.
    pub versions: BTreeMap<String, String>,
    /// Names of the classes; class 0 is background.
    pub class_names: Vec<String>,
    /// The models, in the order of the tables.
    pub models: Vec<ModelInfo>,
    /// The modes of inference, in the order of the tables.
    pub modes: Vec<Mode>,
    /// Which suite of corruptions: `imagenet_c` or `imagecorruptions`.
    pub suite: String,
    /// The corruptions, in the order of the tables.
    pub corruptions: Vec<CorruptionInfo>,
    /// The severities, ascending, for example 1 to 5.
    pub severities: Vec<u8>,
    /// Where frost's pictures come from: `reference` (the six of the authors' package) or `procedural` (ours).
    pub frost_source: String,
    /// The seed from which every corruption's seed follows.
    pub master_seed: u64,
    /// How a picture is brought to its test size, for example `squash-224`.
    pub view: String,
    /// Into how many blocks of pictures the moments are split; see [`crate::moment_block`].
    pub moment_blocks: u32,
    /// The ids of the pictures, in the order of the split.
    pub images: Vec<String>,
    /// [`crate::DataIdentity::digest`] of those pictures and their labels; empty in a store that was made before it was
    /// kept. The store sets it; what a caller puts here is not looked at.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub data_sha256: String,
    /// The program that created the store, for example `scribe 0.1.0`.
    pub created_by: String,
}

/// One model, trained once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// Its id in the keys.
    pub id: ModelId,
    /// Its name in tables, for example `SCrIBE`.
    pub label: String,
    /// Its objective in words, for example `full BCE on [-LSE(v), v], sum over channels, void ignored`.
    pub objective: String,
    /// The seed of its training.
    pub seed: u64,
    /// SHA-256 of the checkpoint file, in hexadecimal.
    pub checkpoint_sha256: String,
    /// Whether the run trained it: the trainings of one run with the same seed start from the same weights and see the same
    /// pictures in the same order, whatever their objective. False for a network or predictions from outside, and in stores
    /// that do not say.
    #[serde(default)]
    pub trained: bool,
}

/// One corruption as it ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorruptionInfo {
    /// Its name, as the reference spells it.
    pub name: String,
    /// Which implementation, for example `reference/1` or `frost-procedural/1`.
    pub implementation: String,
    /// Its group in Table 1: `Noise`, `Blur`, `Weather`, `Lighting`, `Spatial`.
    pub group: String,
}

impl Manifest {
    /// Clean and then every corruption at every severity, in the order of the tables.
    pub fn conditions(&self) -> Vec<Condition> {
        let corrupted = self.corruptions.iter().flat_map(|c| {
            self.severities.iter().map(|&severity| Condition { corruption: c.name.clone(), severity })
        });
        std::iter::once(Condition::clean()).chain(corrupted).collect()
    }

    /// Every model, seed and mode, in the order of the tables.
    pub fn series(&self) -> Vec<Series> {
        let of = |m: &ModelInfo| {
            let (id, seed) = (m.id.clone(), m.seed);
            self.modes.iter().map(move |mode| Series::new(id.clone(), seed, mode.clone()))
        };
        self.models.iter().flat_map(of).collect()
    }

    /// The JSON text that a store keeps.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self)
            .expect("a manifest is strings, numbers and lists, which JSON can hold")
    }

    /// The number of classes.
    pub fn classes(&self) -> usize {
        self.class_names.len()
    }

    /// What the manifest tells about one trained model.
    pub fn model(&self, id: &ModelId, seed: u64) -> Option<&ModelInfo> {
        self.models.iter().find(|m| m.id == *id && m.seed == seed)
    }
}
