//! The mean of each feature map on the CPU.

use super::level::vectorised;
use super::memory::{filled, write_pieces, write_with};
use super::real::{read, with_real};
use crate::ops::layout::{as_map, channels_last};
use candle_core::{Device, Result, Tensor, WithDType};

const NAME: &str = "global_avg_pool";

/// Channels that are summed at once.
const LANES: usize = 64;

/// Mean of `x` `[N, C, H, W]` over the pixels, `[N, C, 1, 1]`.
pub(in crate::ops) fn forward(x: &Tensor) -> Result<Tensor> {
    let _operator = tracing::trace_span!("average pool, forward").entered();
    let (n, c, h, w) = x.dims4()?;
    let x = channels_last(x)?;
    with_real!(x.dtype(), NAME, T => read(NAME, &x, |x: &[T]| {
        let count = (h * w) as f64;
        let means = filled(n * c, c, x.len() / 2, |image, means| {
            let pixels = &x[image * h * w * c..][..h * w * c];
            write_pieces(means, LANES, |tile, part| {
                let mut sums = [0f64; LANES];
                let sums = &mut sums[..part.len()];
                add_pixels(pixels, c, tile * LANES, sums);
                write_with(part, |i| T::from_f64(sums[i] / count))
            })
        });
        Tensor::from_vec(means, (n, c, 1, 1), &Device::Cpu)
    }))
}

/// The gradient of a map of this height and width, given that of its means.
pub(in crate::ops) fn backward(dy: &Tensor, [h, w]: [usize; 2]) -> Result<Tensor> {
    let _operator = tracing::trace_span!("average pool, backward").entered();
    let (n, c, _, _) = dy.dims4()?;
    let dy = channels_last(dy)?;
    let dx = with_real!(dy.dtype(), NAME, T => read(NAME, &dy, |dy: &[T]| {
        let count = (h * w) as f64;
        let share: Vec<T> = dy.iter().map(|dy| T::from_f64(dy.to_f64() / count)).collect();
        let dx = filled(n * h * w * c, w * c, n * h * w * c / 4, |row, dx| {
            let share = &share[row / h * c..][..c];
            write_pieces(dx, c, |_, pixel| pixel.write_copy_of_slice(share))
        });
        Tensor::from_vec(dx, (n, h, w, c), &Device::Cpu)
    }))?;
    as_map(&dx)
}

vectorised! {
    /// Adds some neighbouring channels of all pixels, from `channel` on.
    fn add_pixels<T>(pixels: &[T], channels: usize, channel: usize, sums: &mut [f64]) {
        for pixel in pixels.chunks(channels) {
            for (sum, v) in sums.iter_mut().zip(&pixel[channel..]) {
                *sum += v.to_f64();
            }
        }
    }
}
