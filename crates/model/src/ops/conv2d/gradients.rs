//! The gradients of a convolution, outside of candle's graph.

use crate::ops::geometry::Conv2dShape;
use crate::ops::{cpu, cuda};
use candle_core::{DType, Result, Tensor};

/// The gradient `[N, Ci, H, W]` of the input, from the gradient of the result; where `added` is given, their sum.
pub(crate) fn input_gradient(
    shape: &Conv2dShape,
    dy: &Tensor,
    weight: &Tensor,
    added: Option<&Tensor>,
) -> Result<Tensor> {
    if dy.device().is_cuda() {
        cuda::conv2d::input_gradient(shape, dy, weight, added)
    } else {
        cpu::conv2d::input_gradient(shape, dy, weight, added)
    }
}

/// The gradient `[Co, Ci, Kh, Kw]` of the weight in the weight's type, from the input and the gradient of the result.
pub(crate) fn weight_gradient(shape: &Conv2dShape, x: &Tensor, dy: &Tensor, dtype: DType) -> Result<Tensor> {
    if dy.device().is_cuda() {
        cuda::conv2d::weight_gradient(shape, x, dy, dtype)
    } else {
        cpu::conv2d::weight_gradient(shape, x, dy, dtype)
    }
}

/// The gradient `[Co]` of the bias in the parameters' type, from the gradient of the result.
pub(crate) fn bias_gradient(dy: &Tensor) -> Result<Tensor> {
    if dy.device().is_cuda() { cuda::conv2d::bias_gradient(dy) } else { cpu::conv2d::bias_gradient(dy) }
}
