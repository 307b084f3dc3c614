//! The mean of each feature map.

use candle_core::{Result, Tensor};

/// Mean of `x` `[N, C, H, W]` over the pixels, `[N, C, 1, 1]`.
pub fn global_avg_pool(x: &Tensor) -> Result<Tensor> {
    x.mean_keepdim((2, 3))
}
