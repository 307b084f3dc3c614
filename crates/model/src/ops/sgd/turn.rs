//! What a step of stochastic gradient descent is given for one parameter.

use candle_core::Tensor;

/// One parameter in a step.
#[derive(Clone, Copy, Debug)]
pub struct SgdTurn<'a> {
    /// The parameter, f32 (on the CPU also f64); it changes.
    pub value: &'a Tensor,
    /// Its momentum buffer, of the same shape; it changes.
    pub buffer: &'a Tensor,
    /// Its gradient, of the same shape.
    pub gradient: &'a Tensor,
    /// Its learning rate.
    pub lr: f64,
}
