//! The spaces in which predictions of several scales are averaged.

use crate::ops::log_sigmoid;
use crate::{Error, Result};
use candle_core::Tensor;
use serde::{Deserialize, Serialize};

/// What is averaged over scales and flips.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreSpace {
    /// `softmax(z)`: TensorFlow DeepLab; the default of Softmax and IBE.
    Softmax,
    /// `sigmoid(z)`: the default of SCrIBE, by analogy.
    Sigmoid,
    /// `z` itself.
    Logit,
    /// The foreground logits; the background logit is built from their mean.
    RebuildBackground,
}

impl ScoreSpace {
    /// The name in recipes.
    pub fn name(self) -> &'static str {
        match self {
            ScoreSpace::Softmax => "softmax",
            ScoreSpace::Sigmoid => "sigmoid",
            ScoreSpace::Logit => "logit",
            ScoreSpace::RebuildBackground => "rebuild_background",
        }
    }
}

/// Scores of the spaces that every objective has, and the foreground logits for the fourth.
pub(super) fn of(z: &Tensor, space: ScoreSpace, objective: &'static str) -> Result<Tensor> {
    match space {
        ScoreSpace::Softmax => Ok(softmax(z)?),
        ScoreSpace::Sigmoid => Ok(log_sigmoid(z)?.exp()?),
        ScoreSpace::Logit => Ok(z.clone()),
        ScoreSpace::RebuildBackground if objective == super::softmax::NAME => {
            Err(Error::Space { space: space.name(), objective })
        }
        ScoreSpace::RebuildBackground => Ok(z.narrow(1, 1, z.dim(1)? - 1)?.contiguous()?),
    }
}

/// Over the channels; the largest logit is taken off first, so nothing overflows.
fn softmax(z: &Tensor) -> candle_core::Result<Tensor> {
    let e = z.broadcast_sub(&z.max_keepdim(1)?)?.exp()?;
    e.broadcast_div(&e.sum_keepdim(1)?)
}
