//! The baseline: every class, the background too, has its learned logit.

use super::background::resize;
use super::{Objective, ScoreSpace, VoidRule};
use crate::Result;
use crate::ops::{VOID_LABEL, softmax_cross_entropy};
use candle_core::Tensor;

pub(super) const NAME: &str = "softmax";

/// Cross-entropy over `softmax(z)`, `z = v`: gradient `softmax(z) - y`.
#[derive(Clone, Copy, Debug)]
pub struct Softmax {
    /// What is done with pixels labelled 255.
    pub void: VoidRule,
    /// Whether resizing maps corner pixels onto corner pixels.
    pub align_corners: bool,
}

impl Objective for Softmax {
    fn name(&self) -> &'static str {
        NAME
    }

    fn outputs(&self, classes: usize) -> usize {
        classes
    }

    fn logits(&self, v: &Tensor, size: (usize, usize)) -> Result<Tensor> {
        resize(v, size, self.align_corners)
    }

    fn loss(&self, z: &Tensor, label: &Tensor) -> Result<Tensor> {
        cross_entropy(z, label, self.void)
    }

    fn default_space(&self) -> ScoreSpace {
        ScoreSpace::Softmax
    }
}

/// Cross-entropy with the void rule.
pub(super) fn cross_entropy(z: &Tensor, label: &Tensor, void: VoidRule) -> Result<Tensor> {
    match void {
        VoidRule::Ignore => Ok(softmax_cross_entropy(z, label, Some(VOID_LABEL))?),
        VoidRule::Background => {
            // 1 where the label is a class and 0 where it is void, so that the product turns 255 into 0.
            let known = label.ne(VOID_LABEL)?;
            Ok(softmax_cross_entropy(z, &(label * known)?, None)?)
        }
    }
}
