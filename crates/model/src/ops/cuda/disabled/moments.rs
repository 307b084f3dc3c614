//! Stands for sums of logits and of their products by predicted class.

use super::unavailable;
use crate::ops::head::Readout;
use candle_core::{Result, Tensor};

/// The sums of one image's outputs `v` `[1, C, h, w]` by the classes of its pixels at `size`.
pub(in crate::ops) fn moments(
    _v: &Tensor,
    _classes: &[u8],
    _size: (usize, usize),
    _readout: Readout,
) -> Result<Vec<f64>> {
    unavailable()
}
