//! The reference's motion blur: a weighted sum of shifted pictures along a line.

use super::scratch::{self, Buffer};
use super::{math, sum};
use scribe_base::simd_fn;

/// One shifted picture: where a pixel reads, relative to itself, and with which weight.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tap {
    /// Rows to go up.
    pub(crate) dy: isize,
    /// Columns to go left.
    pub(crate) dx: isize,
    /// The weight.
    pub(crate) weight: f64,
}

/// The taps of a blur of `2 radius + 1` steps at `angle` degrees over a picture of this size.
///
/// The line stops where it leaves the picture, and the weights are not normalised again: small pictures get
/// darker.
pub(crate) fn taps(radius: u32, sigma: f64, angle: f64, width: usize, height: usize) -> Vec<Tap> {
    let n = f64::from(2 * radius + 1);
    let steps = || (0..=2 * radius).map(f64::from);
    let scale = std::f64::consts::TAU.sqrt() * sigma;
    let bell: Vec<f64> = steps().map(|i| math::exp(-(i * i) / (2.0 * (sigma * sigma))) / scale).collect();
    let total = sum::pairwise(&bell);
    let radians = angle * (std::f64::consts::PI / 180.0);
    let (py, px) = (n * math::sin(radians), n * math::cos(radians));
    let length = (py * py + px * px).sqrt();
    let shift = |i: f64, p: f64| -((i * p) / length - 0.5).ceil() as isize;
    steps()
        .zip(bell)
        .map(|(i, b)| Tap { dy: shift(i, py), dx: shift(i, px), weight: b / total })
        .take_while(|t| t.dy.unsigned_abs() < height && t.dx.unsigned_abs() < width)
        .collect()
}

/// A sample that the blur can read.
pub(crate) trait Sample: scratch::Pooled {
    /// `out[i] = sum of weight * samples[start + i]`, in the order of `reads`.
    fn accumulate(samples: &[Self], reads: &[(usize, f64)], out: &mut [f64]);
}

impl Sample for u8 {
    fn accumulate(samples: &[u8], reads: &[(usize, f64)], out: &mut [f64]) {
        accumulate_bytes(samples, reads, out);
    }
}

impl Sample for u16 {
    fn accumulate(samples: &[u16], reads: &[(usize, f64)], out: &mut [f64]) {
        accumulate_shorts(samples, reads, out);
    }
}

impl Sample for f64 {
    fn accumulate(samples: &[f64], reads: &[(usize, f64)], out: &mut [f64]) {
        accumulate_doubles(samples, reads, out);
    }
}

/// A plane of interleaved channels, copied with a margin that repeats its edges, whose blurred rows are computed one by
/// one.
pub(crate) struct Blur<T: Sample> {
    padded: Buffer<T>,
    stride: usize,
    channels: usize,
    height: usize,
    reach: usize,
    taps: Vec<Tap>,
    reads: Vec<(usize, f64)>,
    out: Buffer<f64>,
}

impl<T: Sample> Blur<T> {
    /// Copies `samples`, which are `height` rows of `width` pixels of `channels` samples.
    pub(crate) fn new(
        samples: &[T],
        (width, height, channels): (usize, usize, usize),
        taps: Vec<Tap>,
    ) -> Self {
        let reach = taps.iter().map(|t| t.dx.unsigned_abs()).max().unwrap_or(0);
        let stride = (width + 2 * reach) * channels;
        let mut padded = scratch::dirty(stride * height);
        for (out, row) in padded.chunks_exact_mut(stride).zip(samples.chunks_exact(width * channels)) {
            let (left, rest) = out.split_at_mut(reach * channels);
            let (middle, right) = rest.split_at_mut(width * channels);
            middle.copy_from_slice(row);
            left.chunks_exact_mut(channels).for_each(|p| p.copy_from_slice(&row[..channels]));
            right.chunks_exact_mut(channels).for_each(|p| p.copy_from_slice(&row[row.len() - channels..]));
        }
        let reads = Vec::with_capacity(taps.len());
        Blur { padded, stride, channels, height, reach, taps, reads, out: scratch::dirty(width * channels) }
    }

    /// Row `y`, summed in double precision.
    pub(crate) fn row(&mut self, y: usize) -> &[f64] {
        let last = self.height as isize - 1;
        self.reads.clear();
        self.reads.extend(self.taps.iter().map(|tap| {
            let row = (y as isize - tap.dy).clamp(0, last) as usize;
            let column = (self.reach as isize - tap.dx) as usize;
            (row * self.stride + column * self.channels, tap.weight)
        }));
        T::accumulate(&self.padded, &self.reads, &mut self.out);
        &self.out
    }
}

simd_fn! {
    fn accumulate_bytes(samples: &[u8], reads: &[(usize, f64)], out: &mut [f64]) {
        accumulate(samples, reads, out);
    }
}

simd_fn! {
    fn accumulate_shorts(samples: &[u16], reads: &[(usize, f64)], out: &mut [f64]) {
        accumulate(samples, reads, out);
    }
}

simd_fn! {
    fn accumulate_doubles(samples: &[f64], reads: &[(usize, f64)], out: &mut [f64]) {
        accumulate(samples, reads, out);
    }
}

/// Samples summed at once, in registers.
const BLOCK: usize = 32;

#[inline(always)]
fn accumulate<T: Copy + Into<f64>>(samples: &[T], reads: &[(usize, f64)], out: &mut [f64]) {
    let (blocks, tail) = out.as_chunks_mut::<BLOCK>();
    let whole = blocks.len() * BLOCK;
    for (b, out) in blocks.iter_mut().enumerate() {
        let mut sums = [0.0; BLOCK];
        for &(start, weight) in reads {
            let start = start + b * BLOCK;
            for (sum, &s) in sums.iter_mut().zip(&samples[start..start + BLOCK]) {
                *sum += weight * s.into();
            }
        }
        *out = sums;
    }
    for (i, out) in tail.iter_mut().enumerate() {
        *out =
            reads.iter().fold(0.0, |sum, &(start, weight)| sum + weight * samples[start + whole + i].into());
    }
}
