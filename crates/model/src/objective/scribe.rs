//! Sigmoid cross-entropy with implicit background estimation (SCrIBE).

use super::Objective;
use crate::ops::{Background, Bce, Head, Loss, Reduce, ScoreSpace, VoidRule};

/// Sigmoid cross-entropy on `z = [b, v]`, `b` a function of the foreground logits `v`.
///
/// With `b = -LSE(v)`, `S = sum exp(v)`, `pi = softmax(v)`, summed over channels, the gradient of a pixel is
/// `dL/dv_n = sigmoid(v_n) - y_n - (sigmoid(b) - y_b) pi_n` for [`Bce::Full`] (the authors' code). For
/// [`Bce::PositiveOnly`] it is `exp(v_n) / (1 + S)` on background and `-(1 - sigmoid(v_n)) y_n` on foreground: eq. (4) of
/// the paper, which prints its background branch with the other sign.
pub(super) fn scribe(
    background: Background,
    bce: Bce,
    reduce: Reduce,
    void: VoidRule,
    align_corners: bool,
) -> Objective {
    Objective {
        name: "scribe",
        default_space: ScoreSpace::Sigmoid,
        head: Head { background: Some(background), loss: Loss::Sigmoid(bce, reduce), void, align_corners },
    }
}
