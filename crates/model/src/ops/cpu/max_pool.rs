//! The pooling of the ResNet stem on the CPU.

use super::level::vectorised;
use super::memory::{filled, write_pieces, write_with};
use super::real::{Real, read, with_real};
use crate::ops::layout::{as_map, channels_last};
use candle_core::{Device, Result, Tensor};
use std::mem::MaybeUninit;
use std::sync::Mutex;

const NAME: &str = "max_pool_3x3_s2";

/// Channels that are compared at once.
const LANES: usize = 32;

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
    /// Position in the window and first element of the places of window `ox` that are inside the image, in scan order.
    #[inline(always)]
    fn places(&self, ox: usize, places: &mut [(u8, usize); 9]) -> usize {
        let [h, w] = self.size;
        let mut count = 0;
        for (ky, kx) in (0..3).flat_map(|ky| (0..3).map(move |kx| (ky, kx))) {
            let (y, x) = (2 * self.oy + ky, 2 * ox + kx);
            if (1..=h).contains(&y) && (1..=w).contains(&x) {
                places[count] = ((3 * ky + kx) as u8, ((y - 1) * w + x - 1) * self.channels);
                count += 1;
            }
        }
        count
    }
}

vectorised! {
    /// One row of results and, where wanted, their positions.
    fn pool<'a, T>(
        windows: &Windows<'_, T>,
        y: &'a mut [MaybeUninit<T>],
        kept: Option<&mut [u8]>,
    ) -> &'a mut [T] {
        let channels = windows.channels;
        let mut kept = kept;
        let mut places = [(0, 0); 9];
        write_pieces(y, channels, |ox, pixel| {
            let count = windows.places(ox, &mut places);
            let places = &places[..count];
            write_pieces(pixel, LANES, |tile, part| {
                let (first, width) = (tile * LANES, part.len());
                // Where nothing is larger than the lowest number the first place inside the image wins.
                let (mut best, mut winner) = ([T::LOWEST; LANES], [places[0].0; LANES]);
                for &(position, at) in places {
                    let candidates = &windows.x[at + first..][..width];
                    match candidates.as_array::<LANES>() {
                        Some(candidates) => compete(candidates, position, &mut best, &mut winner),
                        None => compete(candidates, position, &mut best, &mut winner),
                    }
                }
                if let Some(kept) = &mut kept {
                    kept[ox * channels + first..][..width].copy_from_slice(&winner[..width]);
                }
                part.write_copy_of_slice(&best[..width])
            })
        })
    }
}

/// Replaces the best where a candidate is larger or NaN.
#[inline(always)]
fn compete<T: Real>(candidates: &[T], position: u8, best: &mut [T; LANES], winner: &mut [u8; LANES]) {
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
        write_pieces(dx, channels, |x, pixel| {
            let width = pixel.len();
            let mut parts = [(0, &[][..], &[][..]); 4];
            let mut count = 0;
            for oy in y / 2..(y.div_ceil(2) + 1).min(oh) {
                for ox in x / 2..(x.div_ceil(2) + 1).min(ow) {
                    let position = (3 * (y + 1 - 2 * oy) + x + 1 - 2 * ox) as u8;
                    let at = (oy * ow + ox) * channels;
                    parts[count] = (position, &pooled.winners[at..][..width], &pooled.dy[at..][..width]);
                    count += 1;
                }
            }
            match parts[..count] {
                [a] => write_with(pixel, |i| taken(a, i)),
                [a, b] => write_with(pixel, |i| taken(a, i) + taken(b, i)),
                [a, b, c, d] => write_with(pixel, |i| taken(a, i) + taken(b, i) + taken(c, i) + taken(d, i)),
                _ => unreachable!("a pixel lies in one, two or four windows"),
            }
        })
    }
}

/// What a window gives to the place at a position in it: its gradient where that place won.
#[inline(always)]
fn taken<T: Real>((position, winners, dy): (u8, &[u8], &[T]), i: usize) -> T {
    if winners[i] == position { dy[i] } else { T::zero() }
}
