//! A picture read at displaced places, as `scipy.ndimage.map_coordinates(order=1, mode="reflect")` does it.

use super::pixels::unit_to_byte_f32;

/// Where a coordinate reads along one side: two samples, and the weight of the second.
#[derive(Clone, Copy, Debug)]
pub struct Taps {
    first: usize,
    second: usize,
    t: f64,
}

/// How scipy treats what lies beyond the edge in mode "reflect".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// From scipy 1.6 on: the mirror image, the edge included.
    Mirror,
    /// Before: a coordinate is folded so, but its two samples are mirrored with the edge *not* repeated.
    Before16,
}

impl Taps {
    /// The samples around `c` on a side of `n`.
    #[inline(always)]
    pub fn new(c: f64, n: usize, edge: Edge) -> Taps {
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
    pub fn nearest(self) -> usize {
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
/// linearly in double precision.
pub fn bilinear(
    source: &[f32],
    (width, height): (usize, usize),
    across: &[f32],
    down: &[f32],
    edge: Edge,
    out: &mut [u8],
) {
    let pixels = source.as_chunks::<3>().0;
    let out = out.as_chunks_mut::<3>().0;
    for (y, out) in out.chunks_exact_mut(width).enumerate() {
        let shifts = across[y * width..].iter().zip(&down[y * width..]);
        for ((x, pixel), (&dx, &dy)) in out.iter_mut().enumerate().zip(shifts) {
            let v = Taps::new(y as f64 + f64::from(dy), height, edge);
            let u = Taps::new(x as f64 + f64::from(dx), width, edge);
            let at = |row: usize, column: usize| &pixels[row * width + column];
            let four =
                [at(v.first, u.first), at(v.first, u.second), at(v.second, u.first), at(v.second, u.second)];
            let (wy, wx) = ([1.0 - v.t, v.t], [1.0 - u.t, u.t]);
            for (c, sample) in pixel.iter_mut().enumerate() {
                let [a, b, d, e] = four.map(|p| f64::from(p[c]));
                let sum = a * wy[0] * wx[0] + b * wy[0] * wx[1] + d * wy[1] * wx[0] + e * wy[1] * wx[1];
                *sample = unit_to_byte_f32(sum as f32);
            }
        }
    }
}
