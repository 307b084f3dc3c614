//! One model and one corruption of a manifest.

use crate::ModelId;
use serde::{Deserialize, Serialize};

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
    /// The name of the file that it was read from, without its folder; empty where the run trained it, where it is no file,
    /// and in stores that do not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub file: String,
    /// Whether the run trained it: the trainings of one run with the same seed start from the same weights and see the same
    /// images in the same order, whatever their objective. False for a network or predictions from outside, and in stores
    /// that do not say.
    #[serde(default)]
    pub trained: bool,
}

impl ModelInfo {
    /// A model from outside, of training seed 0; its objective and its checkpoint are not known.
    #[must_use]
    pub fn new(id: ModelId, label: impl Into<String>) -> ModelInfo {
        let (label, objective, checkpoint_sha256) = (label.into(), String::new(), String::new());
        ModelInfo { id, label, objective, seed: 0, checkpoint_sha256, file: String::new(), trained: false }
    }

    /// The seed of its training.
    #[must_use]
    pub fn seed(self, seed: u64) -> ModelInfo {
        ModelInfo { seed, ..self }
    }
}

/// One corruption as it ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorruptionInfo {
    /// Its name, as the reference spells it.
    pub name: String,
    /// Its implementation, for example `reference/1` or `frost-procedural/1`.
    pub implementation: String,
    /// Its group in Table 1: `noise`, `blur`, `weather`, `lighting`, `spatial`; [`CorruptionInfo::GIVEN`] for pictures that were
    /// not made by corrupting others.
    pub group: String,
    /// Its severities where they are not those of the manifest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severities: Vec<u8>,
}

impl CorruptionInfo {
    /// The group of conditions whose pictures are given: real fog, night or rain.
    pub const GIVEN: &'static str = "Given";
    /// What the names of such conditions begin with.
    pub const GIVEN_PREFIX: &'static str = "real_";
    /// What the names of conditions end with whose label maps move with the images; before it stands the name of the
    /// corruption that makes the same images and whose label maps stay.
    pub const MOVED_LABEL_SUFFIX: &'static str = "_moved_label";

    /// Whether its pictures are given.
    pub fn is_given(&self) -> bool {
        self.group == CorruptionInfo::GIVEN
    }

    /// Whether a corruption of this name made no pictures: they are given, and may have label maps of their own.
    pub fn is_name_of_given(corruption: &str) -> bool {
        corruption.starts_with(CorruptionInfo::GIVEN_PREFIX)
    }
}
