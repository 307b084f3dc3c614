//! Convolution with a batch norm of given statistics folded in, for inference.

use super::{ChannelAffine, Conv2dConfig, FoldedWeights, NAME, check_types};
use crate::ops::geometry::Conv2dShape;
use crate::ops::types::{check_argument, parameters};
use crate::ops::{Activation, cpu, cuda};
use candle_core::{Result, Tensor};

/// `activation(scale * conv2d(x, weight) + shift + residual)`: the same bits as [`super::conv2d`] followed by
/// [`crate::ops::batch_norm_eval`], with one pass over memory less for each. Not differentiable.
///
/// # Errors
/// When shapes or element types do not belong together, or the kernel does not fit into the padded input.
pub fn conv2d_normalised(
    x: &Tensor,
    weight: &Tensor,
    config: Conv2dConfig,
    affine: ChannelAffine,
    residual: Option<&Tensor>,
    activation: Activation,
) -> Result<Tensor> {
    let shape = Conv2dShape::new(x.dims(), weight.dims(), config)?;
    check_types(x, weight)?;
    for (what, values) in [("a scale", &affine.scale), ("a shift", &affine.shift)] {
        check_argument(NAME, what, values, &[shape.outputs], parameters(x.dtype()))?;
    }
    if let Some(residual) = residual {
        check_argument(NAME, "a residual", residual, &shape.result(), x.dtype())?;
    }
    let weights = FoldedWeights::new(weight.detach(), affine);
    folded(&shape, &x.detach(), &weights, residual.map(Tensor::detach).as_ref(), activation)
}

/// [`conv2d_normalised`] of tensors that belong together, with weights that may be packed already.
pub(crate) fn folded(
    shape: &Conv2dShape,
    x: &Tensor,
    weights: &FoldedWeights,
    residual: Option<&Tensor>,
    activation: Activation,
) -> Result<Tensor> {
    if x.device().is_cuda() {
        cuda::conv2d::folded(shape, x, weights, residual, activation)
    } else {
        cpu::conv2d::folded(shape, x, weights, residual, activation)
    }
}
