//! The rectifier, alone and as a setting of fused operators.

use candle_core::{Result, Tensor};

/// What a fused operator applies to its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// Nothing.
    None,
    /// `max(x, 0)`, with derivative 0 at 0 as in PyTorch.
    Relu,
}

/// `max(x, 0)` of any shape; the derivative at 0 is 0 as in PyTorch (candle's own says 1).
pub fn relu(x: &Tensor) -> Result<Tensor> {
    x.relu()
}
