//! What the forward pass of a convolution in training leaves.

use crate::ops::batch_norm::Moments;
use candle_core::Tensor;

/// The result of a convolution, and what later steps need of it.
pub(crate) struct Convolved {
    /// `[N, Co, OH, OW]`.
    pub(crate) y: Tensor,
    /// Those of each channel of `y` over all pixels.
    pub(crate) moments: Moments,
    /// The weight in the order and type in which a GPU's convolutions read it, for the gradient of the input.
    pub(crate) filters: Option<Tensor>,
}
