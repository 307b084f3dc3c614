//! One model, trained once, in one mode: what a series of results over all conditions belongs to.

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
    /// The mode of inference.
    pub mode: Mode,
}

impl Series {
    /// Puts the three together.
    #[must_use]
    pub fn new(model: ModelId, seed: u64, mode: Mode) -> Series {
        Series { model, seed, mode }
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (seed {}, {})", self.model, self.seed, self.mode)
    }
}
