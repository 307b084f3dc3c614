//! One model, trained once, asked in one way: the series of results over all conditions.

use crate::{Mode, ModelId};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Model, training seed and mode of inference: what a column of results belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Series {
    /// The model.
    pub model: ModelId,
    /// The seed of its training.
    pub seed: u64,
    /// How it was asked.
    pub mode: Mode,
}

impl Series {
    /// Puts the three together.
    pub fn new(model: ModelId, seed: u64, mode: Mode) -> Series {
        Series { model, seed, mode }
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (seed {}, {})", self.model, self.seed, self.mode)
    }
}
