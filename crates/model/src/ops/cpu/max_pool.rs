//! The pooling of the ResNet stem on the CPU.

use super::level::vectorised;
use super::memory::{filled, write_rows};
use super::real::{Real, read, with_real};
use crate::ops::layout::{as_map, channels_last};
use candle_core::{Device, Result, Tensor};
use std::mem::MaybeUninit;
use std::sync::Mutex;

const NAME: &str = "max_pool_3x3_s2";

/// Channels that are handled at once, in the first-level cache.
const LANES: usize = 64;

/// The pooled map and, with `keep`, the positions of the largest elements, contiguous `[N, OH, OW, C]` in U8.
pub(in crate::ops) fn forward(x: &Tensor, keep: bool) -> Result<(Tensor, Option<Tensor>)> {
    let _operator = tracing::trace_span!("max pool, forward").entered();
    let (n, c, h, w) = x.dims4()?;
    let (oh, ow) = (h.div_ceil(2), w.div_ceil(2));
    let (x, shape) = (channels_last(x)?, (n, oh, ow, c));
    let mut winners = vec![0; if keep { n * oh * ow * c } else { 0 }];
    let rows: Vec<Mutex<&mut [u8]>> = winners.chunks_mut((ow * c).max(1)).map(Mutex::new).collect();
    let y = with_real!(x.dtype(), NAME, T => read(NAME, &x, |x: &[T]| {
        let y = filled(n * oh * ow * c, ow * c, x.len() / 2, |row, y| {
            let (image, oy) = (row / oh, row % oh);
            let windows = Windows { x: &x[image * h * w * c..][..h * w * c], size: [h, w], channels: c, oy };
            // Only this task asks for this row.
            let mut kept = rows.get(row).map(|kept| kept.lock().unwrap_or_else(|e| e.into_inner()));
            pool(&windows, y, kept.as_mut().map(|kept| &mut ***kept))
        });
        Tensor::from_vec(y, shape, &Device::Cpu)
    }))?;
    let winners = keep.then(|| Tensor::from_vec(winners, shape, &Device::Cpu)).transpose()?;
    Ok((as_map(&y)?, winners))
}

/// The gradient of a map of this size.
pub(in crate::ops) fn backward(winners: &Tensor, dy: &Tensor, [h, w]: [usize; 2]) -> Result<Tensor> {
    let _operator = tracing::trace_span!("max pool, backward").entered();
    let (n, c, oh, ow) = dy.dims4()?;
    let dy = channels_last(dy)?;
    let dx = with_real!(dy.dtype(), NAME, T => read(NAME, winners, |winners: &[u8]| read(NAME, &dy, |dy: &[T]| {
        let dx = filled(n * h * w * c, w * c, n * h * w * c / 2, |row, dx| {
            let (image, y) = (row / h, row % h);
            let whole = image * oh * ow * c..(image + 1) * oh * ow * c;
            let pooled = Pooled { winners: &winners[whole.clone()], dy: &dy[whole], size: [oh, ow], channels: c };
            collect(&pooled, y, dx)
        });
        Tensor::from_vec(dx, (n, h, w, c), &Device::Cpu)
    })))?;
    as_map(&dx)
}

/// The windows of a row of results.
struct Windows<'a, T> {
    /// One image `[H, W, C]`.
    x: &'a [T],
    /// Height and width of the image.
    size: [usize; 2],
    channels: usize,
    /// The row of results.
    oy: usize,
}

impl<T> Windows<'_, T> {
    /// Position in the window and first element of the places of window `ox` that are inside the image, in scan order, and
    /// how many there are.
    #[inline(always)]
    fn places(&self, ox: usize) -> ([(i32, usize); 9], usize) {
        let [h, w] = self.size;
        let (mut places, mut count) = ([(0, 0); 9], 0);
        for ky in 0..3 {
            for kx in 0..3 {
                let (y, x) = (2 * self.oy + ky, 2 * ox + kx);
                if (1..=h).contains(&y) && (1..=w).contains(&x) {
                    places[count] = ((3 * ky + kx) as i32, ((y - 1) * w + x - 1) * self.channels);
                    count += 1;
                }
            }
        }
        (places, count)
    }
}

vectorised! {
    /// One row of results and, where wanted, their positions.
    fn pool<'a, T>(
        windows: &Windows<'_, T>,
        y: &'a mut [MaybeUninit<T>],
        kept: Option<&mut [u8]>,
    ) -> &'a mut [T] {
        let mut kept = kept;
        let (mut best, mut winner) = ([T::LOWEST; LANES], [0; LANES]);
        write_rows!(y, windows.channels, (ox, pixel) => {
            let (places, count) = windows.places(ox);
            let places = &places[..count];
            write_rows!(pixel, LANES, (tile, part) => {
                let (first, width) = (tile * LANES, part.len());
                let (best, winner) = (&mut best[..width], &mut winner[..width]);
                best.fill(T::LOWEST);
                // Where nothing is larger than the lowest number the first place inside the image wins.
                winner.fill(places[0].0);
                for &(position, at) in places {
                    compete(&windows.x[at + first..][..width], position, best, winner);
                }
                if let Some(kept) = &mut kept {
                    let kept = &mut kept[ox * windows.channels + first..][..width];
                    for (kept, &winner) in kept.iter_mut().zip(&*winner) {
                        *kept = winner as u8;
                    }
                }
                part.write_copy_of_slice(best)
            })
        })
    }
}

/// Replaces the best where a candidate is larger or NaN.
#[inline(always)]
fn compete<T: Real>(candidates: &[T], position: i32, best: &mut [T], winner: &mut [i32]) {
    for ((&v, best), winner) in candidates.iter().zip(best).zip(winner) {
        #[allow(clippy::eq_op, reason = "only NaN differs from itself")]
        let better = v > *best || v != v;
        *best = if better { v } else { *best };
        *winner = if better { position } else { *winner };
    }
}

/// The gradient of one image's pooled map, and where its values came from.
struct Pooled<'a, T> {
    winners: &'a [u8],
    dy: &'a [T],
    /// Height and width of the pooled map.
    size: [usize; 2],
    channels: usize,
}

vectorised! {
    /// One row of the input's gradient: what the windows around each pixel give to it. An even row or column lies in one
    /// row or column of windows, an odd one in two.
    fn collect<'a, T>(pooled: &Pooled<'_, T>, y: usize, dx: &'a mut [MaybeUninit<T>]) -> &'a mut [T] {
        let ([oh, ow], channels) = (pooled.size, pooled.channels);
        let mut sum = [T::zero(); LANES];
        write_rows!(dx, channels, (x, pixel) => write_rows!(pixel, LANES, (tile, part) => {
            let sum = &mut sum[..part.len()];
            sum.fill(T::zero());
            for oy in y / 2..(y.div_ceil(2) + 1).min(oh) {
                for ox in x / 2..(x.div_ceil(2) + 1).min(ow) {
                    let position = (3 * (y + 1 - 2 * oy) + x + 1 - 2 * ox) as u8;
                    let at = (oy * ow + ox) * channels + tile * LANES;
                    let won = pooled.winners[at..].iter().zip(&pooled.dy[at..]);
                    for (sum, (&winner, &dy)) in sum.iter_mut().zip(won) {
                        *sum += if winner == position { dy } else { T::zero() };
                    }
                }
            }
            part.write_copy_of_slice(sum)
        }))
    }
}
