//! Stands for the mean of each feature map.

use super::unavailable;
use candle_core::{Result, Tensor};

pub(in crate::ops) fn forward(_x: &Tensor) -> Result<Tensor> {
    unavailable()
}

pub(in crate::ops) fn backward(_dy: &Tensor, _size: [usize; 2]) -> Result<Tensor> {
    unavailable()
}
