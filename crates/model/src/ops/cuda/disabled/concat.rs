//! Stands for maps joined along their channels.

use super::unavailable;
use candle_core::{Result, Tensor};

pub(in crate::ops) fn forward(_maps: &[&Tensor]) -> Result<Tensor> {
    unavailable()
}

pub(in crate::ops) fn backward(_dy: &Tensor, _channels: &[usize]) -> Result<Vec<Tensor>> {
    unavailable()
}
