//! The largest channel of each pixel.

use super::classes::{check, classes};
use super::head::Readout;
use candle_core::{Result, Tensor};

/// Index of the largest channel of `z` `[N, K, H, W]` for every pixel, in `[N, H, W]` order.
///
/// The first one wins a tie, and the first NaN wins over numbers, as in PyTorch.
///
/// # Errors
/// When `z` is not four-dimensional, `K` is not in 1..=256, or `z` is neither f32 nor f64 (on a GPU bf16 too).
pub fn argmax_channels(z: &Tensor) -> Result<Vec<u8>> {
    let (_, _, h, w) = z.dims4()?;
    check("argmax_channels", z, (h, w), Readout::LOGITS)?;
    Ok(classes(z, (h, w), Readout::LOGITS, false)?.wait()?.0)
}
