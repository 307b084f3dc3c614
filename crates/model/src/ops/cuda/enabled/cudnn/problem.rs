//! A convolution in one direction, as far as the choice of an algorithm depends on it.

use crate::ops::Conv2dConfig;
use candle_core::DType;

/// Which of a convolution's three tensors is computed from the other two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::ops::cuda) enum Direction {
    /// `y` from `x` and the weight.
    Forward,
    /// The gradient of `x` from that of `y` and the weight.
    InputGradient,
    /// The gradient of the weight from `x` and the gradient of `y`.
    WeightGradient,
}

/// A convolution, as far as the choice of an algorithm depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::ops::cuda) struct Problem {
    pub(in crate::ops::cuda) direction: Direction,
    pub(in crate::ops::cuda) dtype: DType,
    pub(in crate::ops::cuda) x: [usize; 4],
    pub(in crate::ops::cuda) weight: [usize; 4],
    pub(in crate::ops::cuda) y: [usize; 4],
    pub(in crate::ops::cuda) config: Conv2dConfig,
    /// Whether f32 may be rounded to TF32 before it is multiplied.
    pub(in crate::ops::cuda) tf32: bool,
}
