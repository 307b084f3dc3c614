//! The predicted class of each pixel.

use super::channels::{TILE, for_blocks, for_tiles, largest};
use super::cpu::parallel::{Shared, written_by};
use super::cpu::real::{read, with_real};
use candle_core::{Result, Tensor, bail};

const NAME: &str = "argmax_channels";

/// Index of the largest channel of `z` `[N, K, H, W]` for every pixel, in `[N, H, W]` order.
///
/// The first one wins a tie, and the first NaN wins over numbers, as in PyTorch.
///
/// # Errors
/// When `z` is not four-dimensional, `K` is not in 1..=256, or `z` is neither f32 nor f64.
pub fn argmax_channels(z: &Tensor) -> Result<Vec<u8>> {
    let (n, k, h, w) = z.dims4()?;
    if !(1..=256).contains(&k) {
        bail!("{NAME}: expected 1 to 256 channels, got {k}");
    }
    #[cfg(feature = "cuda")]
    if z.device().is_cuda() {
        return super::cuda::pixel_loss::argmax(NAME, z);
    }
    let hw = h * w;
    with_real!(z.dtype(), NAME, T => read(NAME, z, |z: &[T]| {
        // SAFETY: every pixel is written by the task of its block.
        Ok(unsafe {
            written_by(n * hw, |class: Shared<u8>| {
                for_blocks(n, hw, n * k * hw, |image, pixels| {
                    let map = &z[image * k * hw..][..k * hw];
                    for_tiles(map, hw, pixels, |first, count, z| {
                        let mut winner = [0 as T; TILE];
                        largest(z, &mut winner, &mut [0 as T; TILE]);
                        let classes = class.slice(image * hw + first, count);
                        for (class, winner) in classes.iter_mut().zip(winner) {
                            *class = winner as u8;
                        }
                    });
                });
            })
        })
    }))
}
