//! The rectifier.

use super::pointwise;
use super::pointwise_function::PointwiseFunction;
use candle_core::{Result, Tensor};

/// `max(x, 0)` of any shape; the derivative at 0 is 0 as in PyTorch (candle's own says 1). NaN stays NaN.
///
/// # Errors
/// When `x` is neither f32 nor f64 (on a GPU bf16 too).
pub fn relu(x: &Tensor) -> Result<Tensor> {
    pointwise::apply(PointwiseFunction::Relu, x)
}
