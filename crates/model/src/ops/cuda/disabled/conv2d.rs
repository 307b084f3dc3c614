//! Stands for convolution.

use super::unavailable;
use crate::ops::conv2d::Convolved;
use crate::ops::geometry::Conv2dShape;
use crate::ops::{Activation, FoldedWeights};
use candle_core::{DType, Result, Tensor};

pub(crate) fn forward(_: &Conv2dShape, _: &Tensor, _: &Tensor, _: Option<&Tensor>) -> Result<Tensor> {
    unavailable()
}

pub(crate) fn with_moments(_: &Conv2dShape, _: &Tensor, _: &Tensor) -> Result<Convolved> {
    unavailable()
}

pub(crate) fn folded(
    _: &Conv2dShape,
    _: &Tensor,
    _: &FoldedWeights,
    _: Option<&Tensor>,
    _: Activation,
) -> Result<Tensor> {
    unavailable()
}

pub(crate) fn input_gradient(
    _: &Conv2dShape,
    _: &Tensor,
    _: &Tensor,
    _: Option<&Tensor>,
    _: Option<&Tensor>,
) -> Result<Tensor> {
    unavailable()
}

pub(crate) fn weight_gradient(_: &Conv2dShape, _: &Tensor, _: &Tensor, _: DType) -> Result<Tensor> {
    unavailable()
}

pub(crate) fn bias_gradient(_: &Tensor) -> Result<Tensor> {
    unavailable()
}
