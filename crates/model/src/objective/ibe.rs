//! Implicit background estimation (IBE).

use super::{Background, Head, Loss, Objective, ScoreSpace, VoidRule};
use crate::Result;
use candle_core::Tensor;

/// Cross-entropy over `softmax([b, v])` with `b` a function of the foreground logits `v` (paper eq. 1).
///
/// With `b = -LSE(v)`, `S = sum exp(v)`, `pi = softmax(v)` and `p = softmax([b, v])` the gradient of a pixel is
/// `dL/dv_n = (p_n - y_n) - (p_b - y_b) pi_n`; for label background that is `2 S exp(v_n) / (1 + S^2)`. Eq. (2) of the
/// paper leaves `-p_b pi_n` out of its foreground branch and prints the background branch with the other sign.
#[derive(Clone, Copy, Debug)]
pub struct Ibe {
    /// How `b` follows from `v`.
    pub background: Background,
    /// What is done with pixels labelled 255.
    pub void: VoidRule,
    /// Whether resizing maps corner pixels onto corner pixels.
    pub align_corners: bool,
}

impl Objective for Ibe {
    fn name(&self) -> &'static str {
        "ibe"
    }

    fn outputs(&self, classes: usize) -> usize {
        classes - 1
    }

    fn head(&self) -> Head {
        Head {
            background: Some(self.background),
            loss: Loss::CrossEntropy,
            void: self.void,
            align_corners: self.align_corners,
        }
    }

    fn default_space(&self) -> ScoreSpace {
        ScoreSpace::Softmax
    }

    fn complete(&self, mean: &Tensor, space: ScoreSpace) -> Result<Tensor> {
        match space {
            ScoreSpace::RebuildBackground => self.background.prepend(mean),
            _ => Ok(mean.clone()),
        }
    }
}
