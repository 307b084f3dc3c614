//! Stands for the exchange of left and right.

use super::unavailable;
use candle_core::{Result, Tensor};

/// `x` `[N, C, H, W]` with left and right exchanged.
pub(in crate::ops) fn mirror(_x: &Tensor) -> Result<Tensor> {
    unavailable()
}
