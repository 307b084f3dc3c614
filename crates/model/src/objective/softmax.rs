//! The baseline: every class, the background too, has its learned logit.

use super::{Head, Loss, Objective, ScoreSpace, VoidRule};

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
        "softmax"
    }

    fn outputs(&self, classes: usize) -> usize {
        classes
    }

    fn head(&self) -> Head {
        Head {
            background: None,
            loss: Loss::CrossEntropy,
            void: self.void,
            align_corners: self.align_corners,
        }
    }

    fn default_space(&self) -> ScoreSpace {
        ScoreSpace::Softmax
    }
}
