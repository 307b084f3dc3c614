//! Two-dimensional convolution.

use candle_core::{Result, Tensor};

/// The geometry of a convolution beside its kernel size, equal in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Conv2dConfig {
    /// Distance of neighbouring outputs, in input pixels.
    pub stride: usize,
    /// Zeros assumed around the input, in pixels.
    pub padding: usize,
    /// Distance of neighbouring taps, in input pixels.
    pub dilation: usize,
}

/// Cross-correlation of `x` `[N, Ci, H, W]` with `weight` `[Co, Ci, Kh, Kw]`, plus `bias` `[Co]`.
pub fn conv2d(x: &Tensor, weight: &Tensor, bias: Option<&Tensor>, config: Conv2dConfig) -> Result<Tensor> {
    let y = x.conv2d(weight, config.padding, config.stride, config.dilation, 1)?;
    match bias {
        Some(bias) => y.broadcast_add(&bias.reshape((1, bias.elem_count(), 1, 1))?),
        None => Ok(y),
    }
}
