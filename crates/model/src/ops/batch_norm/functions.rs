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

/// `activation(x * scale + shift + residual)` with the scale and the shift of [`fold`]; each operation is rounded by
/// itself, as in [`crate::ops::conv2d_normalised`].
pub(crate) fn normalise(
    x: &Tensor,
    folded: &[Tensor; 2],
    residual: Option<&Tensor>,
    activation: Activation,
) -> Result<Tensor> {
    if x.device().is_cuda() {
        cuda::batch_norm::normalise(x, folded, residual, activation)
    } else {
        cpu::batch_norm::normalise(x, folded, residual, activation)
    }
}

/// The gradients of [`normalise`]; unless the statistics are constants, they are differentiated as functions of `x`.
pub(crate) fn backward(backward: &Backward<'_>) -> Result<Gradients> {
    if !backward.x.device().is_cuda() {
        return cpu::batch_norm::backward(backward);
    }
    match backward.folded {
        Some(folded) => cuda::batch_norm::backward(backward, folded),
        None => {
            let folded = fold(backward.layer, &backward.statistics.mean, &backward.statistics.var)?;
            cuda::batch_norm::backward(backward, &folded)
        }
    }
}

/// `scale = gamma / sqrt(var + eps)` and `shift = beta - mean * scale`, `[C]` in the parameters' type, of statistics in f64
/// or in the parameters' type; computed in f64 and rounded once.
pub(crate) fn fold(layer: Layer<'_>, mean: &Tensor, var: &Tensor) -> Result<[Tensor; 2]> {
    if layer.gamma.device().is_cuda() {
        cuda::batch_norm::fold(layer, mean, var)
    } else {
        cpu::batch_norm::fold(layer, mean, var)
    }
}
