//! Gaussian filtering as `scipy.ndimage` does it in double precision: down the columns, then along the rows.

use super::scratch::{self, Buffer};
use super::{math, sum};
use scribe_base::simd_fn;
use std::ops::Range;

/// Which samples are taken for those beyond the edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Border {
    /// The edge again and again: a a a | a b c | c c c.
    Nearest,
    /// The mirror image, edge included: c b a | a b c | c b a.
    Reflect,
}

impl Border {
    /// The index inside `0..n` that stands for `i`.
    pub(crate) fn index(self, i: isize, n: usize) -> usize {
        match self {
            Border::Nearest => i.clamp(0, n as isize - 1) as usize,
            Border::Reflect => {
                let folded = i.rem_euclid(2 * n as isize) as usize;
                if folded < n { folded } else { 2 * n - 1 - folded }
            }
        }
    }
}

/// The weights of the centre and of the neighbours at 1, 2, ... up to the radius.
pub(crate) struct Kernel(Vec<f64>);

impl Kernel {
    /// The kernel of radius `int(truncate * sigma + 0.5)`.
    pub(crate) fn new(sigma: f64, truncate: f64) -> Kernel {
        let radius = (truncate * sigma + 0.5) as i32;
        let factor = -0.5 / (sigma * sigma);
        let whole: Vec<f64> = (-radius..=radius).map(|i| math::exp(factor * f64::from(i * i))).collect();
        let total = sum::pairwise(&whole);
        Kernel(whole[radius as usize..].iter().map(|w| w / total).collect())
    }

    fn radius(&self) -> usize {
        self.0.len() - 1
    }
}

/// Rows that a filter reads and writes in place.
pub(crate) trait Rows {
    /// Reads row `y`.
    fn load(&self, y: usize, row: &mut [f64]);
    /// Sees a row between the two passes, for filters that round there.
    fn between(&self, _row: &mut [f64]) {}
    /// Writes row `y`, which the filter has read before.
    fn store(&mut self, y: usize, row: &[f64]);
}

/// The shape of a plane: pixels across and down, and interleaved channels.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// Pixels in a row.
    pub(crate) width: usize,
    /// Rows.
    pub(crate) height: usize,
    /// Samples in a pixel.
    pub(crate) channels: usize,
}

/// Filters `rows`; a ring of as many rows as the kernel is high is all that it keeps.
pub(crate) fn filter(rows: &mut impl Rows, shape: Shape, down: &Kernel, along: &Kernel, border: Border) {
    let stride = shape.width * shape.channels;
    let (ry, rx) = (down.radius(), along.radius());
    let held = (2 * ry + 1).min(shape.height);
    let mut ring = scratch::dirty(held * stride);
    let margin = rx * shape.channels;
    let mut padded = scratch::dirty(stride + 2 * margin);
    let mut out = scratch::dirty(stride);
    let mut pairs = vec![(0, 0); ry];
    let mut loaded = 0;
    for y in 0..shape.height {
        loaded = load(&*rows, &mut ring, stride, loaded..(y + ry + 1).min(shape.height));
        let at = |i: isize| border.index(i, shape.height) % held * stride;
        for (j, pair) in pairs.iter_mut().enumerate() {
            let j = j as isize + 1;
            *pair = (at(y as isize - j), at(y as isize + j));
        }
        filter_down(&ring, at(y as isize), &pairs, &down.0, &mut padded[margin..margin + stride]);
        rows.between(&mut padded[margin..margin + stride]);
        extend(&mut padded, shape, rx, border);
        filter_along(&padded, shape.channels, &along.0, &mut out);
        rows.store(y, &out);
    }
}

/// Reads rows into their slots of a ring of rows of `stride` samples; gives the first row that is not read.
fn load(rows: &impl Rows, ring: &mut [f64], stride: usize, wanted: Range<usize>) -> usize {
    let held = ring.len() / stride;
    for y in wanted.clone() {
        let slot = y % held * stride;
        rows.load(y, &mut ring[slot..slot + stride]);
    }
    wanted.end
}

/// Fills both margins of a row of `radius` pixels each.
fn extend(padded: &mut Buffer<f64>, shape: Shape, radius: usize, border: Border) {
    let c = shape.channels;
    for i in 1..=radius {
        let left = radius + border.index(-(i as isize), shape.width);
        padded.copy_within(left * c..(left + 1) * c, (radius - i) * c);
        let right = radius + border.index((shape.width + i - 1) as isize, shape.width);
        padded.copy_within(right * c..(right + 1) * c, (radius + shape.width + i - 1) * c);
    }
}

/// Samples summed at once, in registers.
const BLOCK: usize = 32;

simd_fn! {
    fn filter_down(ring: &[f64], centre: usize, pairs: &[(usize, usize)], weights: &[f64], out: &mut [f64]) {
        let (blocks, tail) = out.as_chunks_mut::<BLOCK>();
        let whole = blocks.len() * BLOCK;
        for (b, out) in blocks.iter_mut().enumerate() {
            sum_block(ring, centre + b * BLOCK, pairs.iter().map(|&(p, q)| (p + b * BLOCK, q + b * BLOCK)), weights, out);
        }
        for (i, out) in tail.iter_mut().enumerate() {
            let i = whole + i;
            let mut sum = [0.0];
            sum_block(ring, centre + i, pairs.iter().map(|&(p, q)| (p + i, q + i)), weights, &mut sum);
            *out = sum[0];
        }
    }
}

simd_fn! {
    fn filter_along(padded: &[f64], channels: usize, weights: &[f64], out: &mut [f64]) {
        let radius = weights.len() - 1;
        let (blocks, tail) = out.as_chunks_mut::<BLOCK>();
        let whole = blocks.len() * BLOCK;
        for (b, out) in blocks.iter_mut().enumerate() {
            let centre = b * BLOCK + radius * channels;
            let pairs = (1..radius + 1).map(|j| (centre - j * channels, centre + j * channels));
            sum_block(padded, centre, pairs, weights, out);
        }
        for (i, out) in tail.iter_mut().enumerate() {
            let centre = whole + i + radius * channels;
            let pairs = (1..radius + 1).map(|j| (centre - j * channels, centre + j * channels));
            let mut sum = [0.0];
            sum_block(padded, centre, pairs, weights, &mut sum);
            *out = sum[0];
        }
    }
}

/// Centre first, then the pairs from the farthest inwards: the order in which scipy sums symmetric kernels.
#[inline(always)]
fn sum_block<const N: usize>(
    samples: &[f64],
    centre: usize,
    pairs: impl DoubleEndedIterator<Item = (usize, usize)> + ExactSizeIterator,
    weights: &[f64],
    out: &mut [f64; N],
) {
    let at = |start: usize| -> &[f64; N] { samples[start..start + N].try_into().expect("a slice of N") };
    let mut sums = *at(centre);
    for sum in &mut sums {
        *sum *= weights[0];
    }
    for ((p, q), &w) in pairs.rev().zip(weights[1..].iter().rev()) {
        let (p, q) = (at(p), at(q));
        for i in 0..N {
            sums[i] += (p[i] + q[i]) * w;
        }
    }
    *out = sums;
}
