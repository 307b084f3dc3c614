//! The three objectives: how the network's outputs become logits, a loss and scores.

mod background;
mod config;
mod head;
mod ibe;
mod scores;
mod scribe;
mod softmax;
mod terms;

pub use background::{At, Background, Form};
pub use config::ObjectiveConfig;
pub use head::{Head, Loss};
pub use ibe::Ibe;
pub use scores::ScoreSpace;
pub use scribe::Scribe;
pub use softmax::Softmax;
pub use terms::{Bce, Reduce, VoidRule};

use crate::{Error, Result};
use candle_core::Tensor;

/// A head's meaning and its loss.
///
/// `v` are the network's outputs `[N, outputs, h, w]`, `z` the logits of all classes `[N, K, H, W]` with the
/// background at channel 0, labels `[N, H, W]` of U8 with 255 for void.
pub trait Objective: Send + Sync + std::fmt::Debug {
    /// The name in recipes: `softmax`, `ibe`, `scribe`.
    fn name(&self) -> &'static str;

    /// Outputs that the network needs for `classes` classes, background included.
    fn outputs(&self, classes: usize) -> usize;

    /// How outputs become logits and what is minimised.
    fn head(&self) -> Head;

    /// The logits at full size `(height, width)`.
    ///
    /// # Errors
    /// When `v` has another rank.
    fn logits(&self, v: &Tensor, size: (usize, usize)) -> Result<Tensor> {
        self.head().logits(v, size)
    }

    /// The loss, averaged over the pixels that count: a tensor without dimensions.
    ///
    /// # Errors
    /// When the sizes differ or a label is neither a class nor 255.
    fn loss(&self, z: &Tensor, label: &Tensor) -> Result<Tensor> {
        self.head().loss(z, label)
    }

    /// [`Objective::loss`] of [`Objective::logits`] at the label's size; on a GPU without making those logits.
    ///
    /// # Errors
    /// As [`Objective::loss`].
    fn loss_of_outputs(&self, v: &Tensor, label: &Tensor) -> Result<Tensor> {
        self.head().loss_of_outputs(v, label)
    }

    /// The space in which this objective's scores are averaged over scales.
    fn default_space(&self) -> ScoreSpace;

    /// What multi-scale inference averages, from `z`: `[N, K, H, W]`, or `[N, K - 1, H, W]` for
    /// [`ScoreSpace::RebuildBackground`].
    ///
    /// # Errors
    /// [`Error::Space`] for a space that the objective does not have.
    fn scores(&self, z: &Tensor, space: ScoreSpace) -> Result<Tensor> {
        if space == ScoreSpace::RebuildBackground && self.head().background.is_none() {
            return Err(Error::Space { space: space.name(), objective: self.name() });
        }
        scores::of(z, space)
    }

    /// Scores of all classes from averaged [`Objective::scores`].
    ///
    /// # Errors
    /// [`Error::Space`] for a space that the objective does not have.
    fn complete(&self, mean: &Tensor, space: ScoreSpace) -> Result<Tensor> {
        match space {
            ScoreSpace::RebuildBackground => {
                Err(Error::Space { space: space.name(), objective: self.name() })
            }
            _ => Ok(mean.clone()),
        }
    }
}
