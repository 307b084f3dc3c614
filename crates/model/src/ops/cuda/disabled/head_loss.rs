//! Stands for the mean loss of outputs at the size of the labels, and its gradient.

use super::unavailable;
use crate::ops::head::{Loss, Readout, VoidRule};
use candle_core::{Result, Tensor};

/// The loss, a scalar, and the gradient of `v` `[N, C, h, w]`.
pub(in crate::ops) fn loss_and_gradient(
    _name: &str,
    _v: &Tensor,
    _label: &Tensor,
    _readout: Readout,
    _loss: Loss,
    _void: VoidRule,
) -> Result<(Tensor, Tensor)> {
    unavailable()
}
