//! The two orders in which a map `[N, C, H, W]` can be in memory.
//!
//! As in PyTorch, a map's shape is always `[N, C, H, W]`, and its strides say in which order its numbers are stored. The
//! operators of the CPU work on, and give, maps with their channels last: all channels of a pixel, then the next pixel.

use candle_core::{Result, Tensor};

/// The map as a contiguous `[N, H, W, C]`, without a copy where its channels are last already.
pub(crate) fn channels_last(x: &Tensor) -> Result<Tensor> {
    x.permute((0, 2, 3, 1))?.contiguous()
}

/// A contiguous `[N, H, W, C]` as a map `[N, C, H, W]` with its channels last.
pub(crate) fn as_map(y: &Tensor) -> Result<Tensor> {
    y.permute((0, 3, 1, 2))
}
