//! Implicit background estimation (IBE).

use super::Objective;
use crate::ops::{Background, Head, Loss, ScoreSpace, VoidRule};

/// Cross-entropy over `softmax([b, v])` with `b` a function of the foreground logits `v` (paper eq. 1).
///
/// With `b = -LSE(v)`, `S = sum exp(v)`, `pi = softmax(v)` and `p = softmax([b, v])` the gradient of a pixel is
/// `dL/dv_n = (p_n - y_n) - (p_b - y_b) pi_n`; for label background that is `2 S exp(v_n) / (1 + S^2)`. Eq. (2) of the
/// paper leaves `-p_b pi_n` out of its foreground branch and prints the background branch with the other sign.
pub(super) fn ibe(background: Background, void: VoidRule, align_corners: bool) -> Objective {
    Objective {
        name: "ibe",
        default_space: ScoreSpace::Softmax,
        head: Head { background: Some(background), loss: Loss::CrossEntropy, void, align_corners },
    }
}
