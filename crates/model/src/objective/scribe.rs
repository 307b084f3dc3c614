//! Sigmoid cross-entropy with implicit background estimation (SCrIBE).

use super::{Background, Bce, Head, Loss, Objective, Reduce, ScoreSpace, VoidRule};
use crate::Result;
use candle_core::Tensor;

/// Sigmoid cross-entropy on `z = [b, v]`, `b` a function of the foreground logits `v`.
///
/// With `b = -LSE(v)`, `S = sum exp(v)`, `pi = softmax(v)`, summed over channels, the gradient of a pixel is
/// `dL/dv_n = sigmoid(v_n) - y_n - (sigmoid(b) - y_b) pi_n` for [`Bce::Full`] (the authors' code). For
/// [`Bce::PositiveOnly`] it is `exp(v_n) / (1 + S)` on background and `-(1 - sigmoid(v_n)) y_n` on foreground: eq. (4) of
/// the paper, which prints its background branch with the other sign.
#[derive(Clone, Copy, Debug)]
pub struct Scribe {
    /// How `b` follows from `v`.
    pub background: Background,
    /// Which terms count.
    pub bce: Bce,
    /// How channels are joined.
    pub reduce: Reduce,
    /// What is done with pixels labelled 255.
    pub void: VoidRule,
    /// Whether resizing maps corner pixels onto corner pixels.
    pub align_corners: bool,
}

impl Objective for Scribe {
    fn name(&self) -> &'static str {
        "scribe"
    }

    fn outputs(&self, classes: usize) -> usize {
        classes - 1
    }

    fn head(&self) -> Head {
        Head {
            background: Some(self.background),
            loss: Loss::Sigmoid(self.bce, self.reduce),
            void: self.void,
            align_corners: self.align_corners,
        }
    }

    fn default_space(&self) -> ScoreSpace {
        ScoreSpace::Sigmoid
    }

    fn complete(&self, mean: &Tensor, space: ScoreSpace) -> Result<Tensor> {
        match space {
            ScoreSpace::RebuildBackground => self.background.prepend(mean),
            _ => Ok(mean.clone()),
        }
    }
}
