//! What identifies one result: model, training seed, mode, condition and image.

use crate::{Condition, Mode, ModelId, Series};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The key of one prediction; a store holds each key at most once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The model.
    pub model: ModelId,
    /// The seed of its training.
    pub seed: u64,
    /// The mode of inference.
    pub mode: Mode,
    /// What was done to the image.
    pub condition: Condition,
    /// The image's id in its split, for example `2007_000033`.
    #[serde(rename = "image")]
    pub image_id: String,
}

impl Key {
    /// The key of `series` for one image under one condition.
    pub fn new(series: &Series, condition: &Condition, image_id: impl Into<String>) -> Key {
        Key {
            model: series.model.clone(),
            seed: series.seed,
            mode: series.mode.clone(),
            condition: condition.clone(),
            image_id: image_id.into(),
        }
    }

    /// The key without image and condition.
    pub fn series(&self) -> Series {
        Series { model: self.model.clone(), seed: self.seed, mode: self.mode.clone() }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}, picture {}", self.series(), self.condition, self.image_id)
    }
}
