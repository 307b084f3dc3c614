//! The baseline: every class, the background too, has its learned logit.

use super::Objective;
use crate::ops::{Head, Loss, ScoreSpace, VoidRule};

/// Cross-entropy over `softmax(z)`, `z = v`: gradient `softmax(z) - y`.
pub(super) fn softmax(void: VoidRule, align_corners: bool) -> Objective {
    Objective {
        name: "softmax",
        default_space: ScoreSpace::Softmax,
        head: Head { background: None, loss: Loss::CrossEntropy, void, align_corners },
    }
}
