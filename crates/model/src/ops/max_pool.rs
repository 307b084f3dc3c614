//! The pooling of the ResNet stem.

use candle_core::{Result, Tensor};

/// Maximum over 3x3 windows, stride 2, padding 1: `[N, C, H, W]` to `[N, C, (H + 1) / 2, (W + 1) / 2]`.
pub fn max_pool_3x3_s2(x: &Tensor) -> Result<Tensor> {
    x.pad_with_same(2, 1, 1)?.pad_with_same(3, 1, 1)?.max_pool2d_with_stride(3, 2)
}
