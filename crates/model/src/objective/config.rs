//! The objective as a recipe writes it.

use super::Objective;
use super::ibe::ibe;
use super::scribe::scribe;
use super::softmax::softmax;
use crate::ops::{Background, Bce, Reduce, VoidRule};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};

/// Which loss, with every choice that the paper leaves open. There is no default.
///
/// In TOML: `{ kind = "scribe", background = { form = "neg_lse", at = "features" }, bce = "full", reduce = "sum",
/// void = "ignore" }`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ObjectiveConfig {
    /// Cross-entropy over all classes, the background learned like any other: the paper's Baseline.
    Softmax {
        /// What is done with pixels labelled 255.
        void: VoidRule,
    },
    /// Implicit background estimation: `z = [b, v]`, cross-entropy over `softmax(z)` (paper eq. 1 and 2).
    Ibe {
        /// How `b` follows from `v`.
        background: Background,
        /// What is done with pixels labelled 255.
        void: VoidRule,
        /// Initial bias of the foreground logits; PyTorch's random one where absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        prior_bias: Option<f64>,
    },
    /// Sigmoid cross-entropy on `z = [b, v]` (paper eq. 3 and 4).
    Scribe {
        /// How `b` follows from `v`.
        background: Background,
        /// Which terms of the cross-entropy count.
        bce: Bce,
        /// How the channels of a pixel are joined.
        reduce: Reduce,
        /// What is done with pixels labelled 255.
        void: VoidRule,
        /// Initial bias of the foreground logits; PyTorch's random one where absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        prior_bias: Option<f64>,
    },
}

impl ObjectiveConfig {
    /// The objective; `align_corners` as in the network's settings.
    pub fn build(&self, align_corners: bool) -> Objective {
        match *self {
            ObjectiveConfig::Softmax { void } => softmax(void, align_corners),
            ObjectiveConfig::Ibe { background, void, .. } => ibe(background, void, align_corners),
            ObjectiveConfig::Scribe { background, bce, reduce, void, .. } => {
                scribe(background, bce, reduce, void, align_corners)
            }
        }
    }

    /// # Errors
    /// [`Error::Setting`] for a prior bias that is not a finite number.
    pub fn check(&self) -> Result<()> {
        match self.prior_bias() {
            Some(bias) if !bias.is_finite() => Err(Error::Setting {
                name: "prior_bias",
                value: bias.to_string(),
                expected: "a finite number",
            }),
            _ => Ok(()),
        }
    }

    /// Initial bias of the network's outputs, where set.
    pub(crate) fn prior_bias(&self) -> Option<f64> {
        match self {
            ObjectiveConfig::Softmax { .. } => None,
            ObjectiveConfig::Ibe { prior_bias, .. } | ObjectiveConfig::Scribe { prior_bias, .. } => {
                *prior_bias
            }
        }
    }
}
