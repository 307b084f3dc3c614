//! Stands for dropout.

use super::unavailable;
use crate::ops::dropout::Draws;
use candle_core::{Result, Tensor};

/// `x` `[N, C, H, W]` with some values set to 0 and the others scaled.
pub(in crate::ops) fn dropout(_x: &Tensor, _draws: &Draws) -> Result<Tensor> {
    unavailable()
}
