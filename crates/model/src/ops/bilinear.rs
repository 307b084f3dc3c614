//! Bilinear resizing with a backward pass.

use candle_core::{Result, Tensor};

/// Resizes `x` `[N, C, H, W]` to `[N, C, out_h, out_w]` as `torch.nn.functional.interpolate(mode="bilinear")`.
pub fn upsample_bilinear(x: &Tensor, out_h: usize, out_w: usize, align_corners: bool) -> Result<Tensor> {
    x.upsample_bilinear2d(out_h, out_w, align_corners)
}
