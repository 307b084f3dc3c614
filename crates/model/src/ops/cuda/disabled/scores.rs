//! Stands for sums of scores over the views of multi-scale inference.

use super::unavailable;
use crate::ops::head::Readout;
use crate::ops::score_space::ScoreSpace;
use candle_core::{Result, Tensor};

/// Adds the scores of outputs `v` `[N, C, h, w]` to a `sum` `[N, kept, H, W]` with its channels last, in its place.
pub(in crate::ops) fn add_scores(
    _sum: &Tensor,
    _v: &Tensor,
    _readout: Readout,
    _space: ScoreSpace,
    _mirrored: bool,
) -> Result<()> {
    unavailable()
}
