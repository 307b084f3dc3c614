//! The mean of each feature map.

use super::sums::{plane_means, plane_means_backward};
use candle_core::{Result, Tensor};

const NAME: &str = "global_avg_pool";

/// The means `[N, C, 1, 1]`.
pub(in crate::ops) fn forward(x: &Tensor) -> Result<Tensor> {
    plane_means(NAME, x)
}

/// The gradient of a map of this height and width.
pub(in crate::ops) fn backward(dy: &Tensor, size: [usize; 2]) -> Result<Tensor> {
    plane_means_backward(NAME, dy, size)
}
