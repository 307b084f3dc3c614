//! `log(sigmoid(x))` without overflow.

use super::pointwise;
use super::pointwise_function::PointwiseFunction;
use candle_core::{Result, Tensor};

/// `log(sigmoid(x)) = min(x, 0) - log(1 + exp(-|x|))` of any shape, finite for every finite `x`.
///
/// # Errors
/// When `x` is neither f32 nor f64 (on a GPU bf16 too).
pub fn log_sigmoid(x: &Tensor) -> Result<Tensor> {
    pointwise::apply(PointwiseFunction::LogSigmoid, x)
}
