//! The objectives: how the network's outputs become logits, a loss and scores.

mod config;
mod head;
mod ibe;
mod scribe;
mod softmax;

pub use config::ObjectiveConfig;

use crate::ops::{Head, ScoreSpace, prepend_background, scores};
use crate::{Error, Result};
use candle_core::Tensor;

/// What a network is trained to minimise, and how its outputs are read. [`ObjectiveConfig::build`] makes one.
///
/// `v` are the network's outputs `[N, outputs, h, w]`, `z` the logits of all classes `[N, K, H, W]` with the
/// background at channel 0, labels `[N, H, W]` of U8 with 255 for void.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Objective {
    name: &'static str,
    default_space: ScoreSpace,
    head: Head,
}

impl Objective {
    /// The name in recipes: `softmax`, `ibe`, `scribe`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The space in which this objective's scores are averaged over scales, where no other is asked for.
    pub fn default_space(&self) -> ScoreSpace {
        self.default_space
    }

    /// How outputs become logits and what is minimised.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Outputs that the network needs for `classes` classes, background included.
    pub fn outputs(&self, classes: usize) -> usize {
        classes - usize::from(self.head.background.is_some())
    }

    /// The logits at full size `(height, width)`.
    ///
    /// # Errors
    /// When `v` has another rank.
    pub fn logits(&self, v: &Tensor, size: (usize, usize)) -> Result<Tensor> {
        Ok(self.head.logits(v, size)?)
    }

    /// The loss, averaged over the pixels that count: a tensor without dimensions.
    ///
    /// # Errors
    /// When the sizes differ or a label is neither a class nor 255.
    pub fn loss(&self, z: &Tensor, label: &Tensor) -> Result<Tensor> {
        Ok(self.head.loss(z, label)?)
    }

    /// [`Objective::loss`] of [`Objective::logits`] at the label's size, without making those logits.
    ///
    /// # Errors
    /// As [`Objective::loss`].
    pub fn loss_of_outputs(&self, v: &Tensor, label: &Tensor) -> Result<Tensor> {
        Ok(self.head.loss_of_outputs(v, label)?)
    }

    /// [`Objective::loss_of_outputs`] and its gradient with respect to `v`, both outside of candle's graph.
    ///
    /// # Errors
    /// As [`Objective::loss`].
    pub fn loss_and_gradient(&self, v: &Tensor, label: &Tensor) -> Result<(Tensor, Tensor)> {
        Ok(self.head.loss_and_gradient(v, label)?)
    }

    /// What multi-scale inference averages, from `z`: `[N, K, H, W]`, or `[N, K - 1, H, W]` for
    /// [`ScoreSpace::RebuildBackground`].
    ///
    /// # Errors
    /// [`Error::Space`] for a space that the objective does not have.
    pub fn scores(&self, z: &Tensor, space: ScoreSpace) -> Result<Tensor> {
        self.check_space(space)?;
        Ok(scores(z, space)?)
    }

    /// Scores of all classes from averaged [`Objective::scores`].
    ///
    /// # Errors
    /// [`Error::Space`] for a space that the objective does not have.
    pub fn complete(&self, mean: &Tensor, space: ScoreSpace) -> Result<Tensor> {
        self.check_space(space)?;
        match (space, self.head.background) {
            (ScoreSpace::RebuildBackground, Some(background)) => {
                Ok(prepend_background(mean, background.form)?)
            }
            _ => Ok(mean.clone()),
        }
    }

    /// Whether the objective has this space.
    ///
    /// # Errors
    /// [`Error::Space`] where it has not.
    pub(crate) fn check_space(&self, space: ScoreSpace) -> Result<()> {
        match (space, self.head.background) {
            (ScoreSpace::RebuildBackground, None) => {
                Err(Error::Space { space: space.name(), objective: self.name })
            }
            _ => Ok(()),
        }
    }
}
