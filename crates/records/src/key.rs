//! The key of one result: which model looked how at which picture under which condition.

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
    /// How it was asked.
    pub mode: Mode,
    /// What was done to the picture.
    pub condition: Condition,
    /// The picture's id in its split, for example `2007_000033`.
    pub image: String,
}

impl Key {
    /// The key of `series` for one picture under one condition.
    pub fn new(series: &Series, condition: &Condition, image: impl Into<String>) -> Key {
        Key {
            model: series.model.clone(),
            seed: series.seed,
            mode: series.mode.clone(),
            condition: condition.clone(),
            image: image.into(),
        }
    }

    /// The key without picture and condition.
    pub fn series(&self) -> Series {
        Series { model: self.model.clone(), seed: self.seed, mode: self.mode.clone() }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} seed {} {} {} {}", self.model, self.seed, self.mode, self.condition, self.image)
    }
}
