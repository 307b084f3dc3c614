//! Stands for the pooling of the ResNet stem.

use super::unavailable;
use candle_core::{Result, Tensor};

pub(in crate::ops) fn forward(_x: &Tensor, _keep: bool) -> Result<(Tensor, Option<Tensor>)> {
    unavailable()
}

pub(in crate::ops) fn backward(_winners: &Tensor, _dy: &Tensor, _size: [usize; 2]) -> Result<Tensor> {
    unavailable()
}
