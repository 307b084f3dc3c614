//! Mean and variance of the channels of a map.

use candle_core::Tensor;

/// Mean and biased variance of each channel, `[C]` in f64, on the device of the map.
#[derive(Clone, Debug)]
pub(crate) struct Statistics {
    pub(crate) mean: Tensor,
    pub(crate) var: Tensor,
}
