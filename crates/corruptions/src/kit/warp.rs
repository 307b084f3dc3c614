//! A picture read at displaced places, as `scipy.ndimage.map_coordinates(order=1, mode="reflect")` does it.

use super::pixels::unit_to_byte_f32;
use super::scratch::{self, Buffer};
use scribe_base::simd_fn;

/// Where a coordinate reads along one side: two samples, and the weight of the second.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taps {
    first: usize,
    second: usize,
    t: f64,
}

/// How scipy treats coordinates beyond the edge in mode "reflect".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    /// From scipy 1.6 on: the mirror image, the edge included.
    Mirror,
    /// Before: a coordinate is folded so, but its two samples are mirrored with the edge *not* repeated.
    Before16,
}

impl Taps {
    /// The samples around `c` on a side of `n`.
    #[inline(always)]
    pub(crate) fn new(c: f64, n: usize, edge: Edge) -> Taps {
        let c = if c < 0.0 || c > n as f64 - 1.0 { fold(c, n as f64, edge) } else { c };
        let floor = c.floor();
        let first = floor as isize;
        // A folded coordinate is in -1..n, so that one mirroring is enough.
        let (below, above) = if edge == Edge::Mirror { (0, n - 1) } else { (1, n - 2) };
        let inside = |i: isize| {
            if i < 0 {
                below
            } else if i as usize >= n {
                above
            } else {
                i as usize
            }
        };
        Taps { first: inside(first), second: inside(first + 1), t: c - floor }
    }

    /// The nearer of the two samples.
    #[cfg(feature = "image")]
    pub(crate) fn nearest(self) -> usize {
        if self.t < 0.5 { self.first } else { self.second }
    }
}

/// A coordinate outside the side, folded back to `-1..n` in scipy's order of operations.
#[cold]
fn fold(c: f64, n: f64, edge: Edge) -> f64 {
    let period = 2.0 * n;
    if c < 0.0 {
        let c = if c < -period { period * (-c / period).trunc() + c } else { c };
        if c < -n {
            return c + period;
        }
        return if edge == Edge::Mirror && c > -1e-15 { 1e-15 - 1.0 } else { -c - 1.0 };
    }
    let c = c - period * (c / period).trunc();
    if c >= n { period - c - 1.0 } else { c }
}

/// Reads every pixel of an RGB picture of units, in single precision, at its place plus the displacements,
/// linearly in double precision; `source` has one sample to spare at its end.
pub(crate) fn bilinear(
    source: &[f32],
    (width, height): (usize, usize),
    across: &[f32],
    down: &[f32],
    edge: Edge,
    out: &mut [u8],
) {
    let stride = 3 * width;
    let mut reads: [Buffer<u32>; 4] = std::array::from_fn(|_| scratch::dirty(width));
    let mut shares: [Buffer<f64>; 2] = std::array::from_fn(|_| scratch::dirty(width));
    for (y, out) in out.chunks_exact_mut(stride).enumerate() {
        let place = y * width..(y + 1) * width;
        locate(&across[place.clone()], &down[place], (width, height), y, edge, &mut reads, &mut shares);
        mix(source, &reads, &shares, out);
    }
}

simd_fn! {
    /// Where the pixels of row `y` read: the four samples' places, and the weights of the lower and the right ones.
    fn locate(
        across: &[f32],
        down: &[f32],
        size: (usize, usize),
        y: usize,
        edge: Edge,
        reads: &mut [Buffer<u32>; 4],
        shares: &mut [Buffer<f64>; 2],
    ) {
        let (width, height) = size;
        let [a, b, c, d] = reads.each_mut().map(|r| &mut r[..width]);
        let [ty, tx] = shares.each_mut().map(|t| &mut t[..width]);
        for x in 0..width {
            let v = Taps::new(y as f64 + f64::from(down[x]), height, edge);
            let u = Taps::new(x as f64 + f64::from(across[x]), width, edge);
            let at = |row: usize, column: usize| (3 * (row * width + column)) as u32;
            (a[x], b[x]) = (at(v.first, u.first), at(v.first, u.second));
            (c[x], d[x]) = (at(v.second, u.first), at(v.second, u.second));
            (ty[x], tx[x]) = (v.t, u.t);
        }
    }
}

simd_fn! {
    fn mix(source: &[f32], reads: &[Buffer<u32>; 4], shares: &[Buffer<f64>; 2], out: &mut [u8]) {
        let pixels = out.as_chunks_mut::<3>().0;
        let n = pixels.len();
        let [a, b, c, d] = reads.each_ref().map(|r| &r[..n]);
        let [ty, tx] = shares.each_ref().map(|t| &t[..n]);
        for (x, pixel) in pixels.iter_mut().enumerate() {
            // Four samples, of which the last is the next pixel's, are one load.
            let at = |start: u32| -> [f64; 4] {
                let four: &[f32; 4] = source[start as usize..].first_chunk().expect("a sample to spare");
                four.map(f64::from)
            };
            let four = [at(a[x]), at(b[x]), at(c[x]), at(d[x])];
            let (wy, wx) = ([1.0 - ty[x], ty[x]], [1.0 - tx[x], tx[x]]);
            let sums: [u8; 4] = std::array::from_fn(|i| {
                let upper = four[0][i] * wy[0] * wx[0] + four[1][i] * wy[0] * wx[1];
                unit_to_byte_f32((upper + four[2][i] * wy[1] * wx[0] + four[3][i] * wy[1] * wx[1]) as f32)
            });
            *pixel = [sums[0], sums[1], sums[2]];
        }
    }
}
