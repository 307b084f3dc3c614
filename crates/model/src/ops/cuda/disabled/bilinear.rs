//! Stands for bilinear resizing.

use super::unavailable;
use crate::ops::resizing::Resizing;
use candle_core::{Result, Tensor};

pub(in crate::ops) fn forward(_x: &Tensor, _resizing: &Resizing) -> Result<Tensor> {
    unavailable()
}

pub(in crate::ops) fn backward(_dy: &Tensor, _resizing: &Resizing) -> Result<Tensor> {
    unavailable()
}
