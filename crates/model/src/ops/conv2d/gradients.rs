//! The gradients of a convolution, outside of candle's graph.

use super::{Conv2dConfig, NAME, check_types};
use crate::ops::geometry::Conv2dShape;
use crate::ops::types::check_argument;
use crate::ops::{cpu, cuda};
use candle_core::{DType, Result, Tensor};

/// The gradients of [`super::conv2d`] in `x` `[N, Ci, H, W]` and `weight` `[Co, Ci, Kh, Kw]`, given that of its result, `dy`
/// `[N, Co, OH, OW]`, without candle's graph.
///
/// # Errors
/// When shapes or element types do not belong together, or the kernel does not fit into the padded input.
pub fn conv2d_gradients(
    x: &Tensor,
    weight: &Tensor,
    dy: &Tensor,
    config: Conv2dConfig,
) -> Result<(Tensor, Tensor)> {
    let shape = Conv2dShape::new(x.dims(), weight.dims(), config)?;
    check_types(x, weight)?;
    check_argument(NAME, "dy", dy, &shape.result(), x.dtype())?;
    let [x, weight, dy] = [x, weight, dy].map(Tensor::detach);
    let dx = input_gradient(&shape, &dy, &weight, None, None)?;
    Ok((dx, weight_gradient(&shape, &x, &dy, weight.dtype())?))
}

/// The gradient `[N, Ci, H, W]` of the input, from the gradient of the result; where `added` is given, their sum. `filters`
/// are those of the forward pass, where they were kept.
pub(crate) fn input_gradient(
    shape: &Conv2dShape,
    dy: &Tensor,
    weight: &Tensor,
    filters: Option<&Tensor>,
    added: Option<&Tensor>,
) -> Result<Tensor> {
    if dy.device().is_cuda() {
        cuda::conv2d::input_gradient(shape, dy, weight, filters, added)
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
