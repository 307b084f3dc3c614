//! Batch normalisation outside of candle's graph.

use super::gradients::{Backward, Gradients};
use super::layer::Layer;
use super::statistics::Statistics;
use crate::ops::{Activation, cpu, cuda};
use candle_core::{Result, Tensor};

/// The statistics of the images of `x` `[N, C, H, W]`, which has at least one value for each channel.
pub(crate) fn moments(x: &Tensor) -> Result<Statistics> {
    if x.device().is_cuda() { cuda::batch_norm::moments(x) } else { cpu::batch_norm::moments(x) }
}

/// `activation(x * scale + shift + residual)` with `scale = gamma / sqrt(var + eps)` and `shift = beta - mean * scale`.
///
/// The two are computed in f64 and rounded once; then each operation is rounded by itself, as in
/// [`crate::ops::conv2d_normalised`].
pub(crate) fn normalise(
    x: &Tensor,
    statistics: &Statistics,
    layer: Layer<'_>,
    residual: Option<&Tensor>,
    activation: Activation,
) -> Result<Tensor> {
    if x.device().is_cuda() {
        cuda::batch_norm::normalise(x, statistics, layer, residual, activation)
    } else {
        cpu::batch_norm::normalise(x, statistics, layer, residual, activation)
    }
}

/// The gradients of [`normalise`]; unless the statistics are constants, they are differentiated as functions of `x`.
pub(crate) fn backward(backward: &Backward<'_>) -> Result<Gradients> {
    if backward.x.device().is_cuda() {
        cuda::batch_norm::backward(backward)
    } else {
        cpu::batch_norm::backward(backward)
    }
}

/// The scale and the shift `[C]` of given statistics of the parameters' type, computed in f64 and rounded once.
pub(crate) fn fold(layer: Layer<'_>, mean: &Tensor, var: &Tensor) -> Result<[Tensor; 2]> {
    if layer.gamma.device().is_cuda() {
        cuda::batch_norm::fold(layer, mean, var)
    } else {
        cpu::batch_norm::fold(layer, mean, var)
    }
}
