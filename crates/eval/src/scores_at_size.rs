//! Scores of another program at the size of an image.

use candle_core::{Result, Tensor};
use scribe_model::ops::{argmax_channels, upsample_bilinear};

/// Scores `[K, h, w]` in f32 as `[K, height, width]`, resized as torch does it (`bilinear`, `align_corners=False`).
pub(crate) fn at_size(scores: &Tensor, height: usize, width: usize) -> Result<Tensor> {
    upsample_bilinear(&scores.unsqueeze(0)?.contiguous()?, height, width, false)?.squeeze(0)
}

/// The first of the largest planes at every pixel of scores `[K, height, width]`.
pub(crate) fn argmax_planes(scores: &Tensor) -> Result<Vec<u8>> {
    argmax_channels(&scores.unsqueeze(0)?)
}
