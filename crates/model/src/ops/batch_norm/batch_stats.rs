//! The statistics of one batch.

use candle_core::Tensor;

/// The statistics of one batch, from which a layer updates its running ones. They stay on the device of the map.
#[derive(Clone, Debug)]
pub struct BatchStats {
    /// Mean of each channel over `[N, H, W]`: `[C]` in f64.
    pub mean: Tensor,
    /// Biased variance (divided by `count`) of each channel: `[C]` in f64.
    pub var: Tensor,
    /// Number of values per channel, `N * H * W`.
    pub count: usize,
}
