//! The predicted class of each pixel.

use candle_core::{Result, Tensor};

/// Index of the largest channel of `z` `[N, K, H, W]` for every pixel, in `[N, H, W]` order; the first one wins a tie.
pub fn argmax_channels(z: &Tensor) -> Result<Vec<u8>> {
    z.argmax(1)?.to_dtype(candle_core::DType::U8)?.flatten_all()?.to_vec1()
}
