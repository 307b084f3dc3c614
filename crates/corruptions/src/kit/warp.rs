//! A picture read at displaced places, as `scipy.ndimage.map_coordinates(order=1, mode="reflect")` does it.

use super::pixels::unit_to_byte_f32;

/// Where a coordinate reads along one side: two samples, and the weight of the second.
#[derive(Clone, Copy, Debug)]
pub struct Taps {
    first: usize,
    second: usize,
    t: f64,
}

impl Taps {
    /// The samples around `c` on a side of `n`; beyond the edge lies the mirror image, edge included.
    #[inline(always)]
    pub fn new(c: f64, n: usize) -> Taps {
        let c = if c < 0.0 || c > n as f64 - 1.0 { fold(c, n as f64) } else { c };
        let floor = c.floor();
        let first = floor as isize;
        // A folded coordinate is in -1..n, so that one mirroring is enough.
        let inside = |i: isize| (if i < 0 { 0 } else { i as usize }).min(n - 1);
        Taps { first: inside(first), second: inside(first + 1), t: c - floor }
    }

    /// The nearer of the two samples.
    pub fn nearest(self) -> usize {
        if self.t < 0.5 { self.first } else { self.second }
    }
}

/// A coordinate outside the side, folded back to `-1..n` in scipy's order of operations.
#[cold]
fn fold(c: f64, n: f64) -> f64 {
    let period = 2.0 * n;
    if c < 0.0 {
        let c = if c < -period { period * (-c / period).trunc() + c } else { c };
        let mirrored = if c < -n {
            c + period
        } else if c > -1e-15 {
            1e-15 - 1.0
        } else {
            -c - 1.0
        };
        return mirrored;
    }
    let c = c - period * (c / period).trunc();
    if c >= n { period - c - 1.0 } else { c }
}

/// Reads every pixel of an RGB picture at its place plus the displacements, linearly in double precision.
pub fn bilinear(source: &[u8], width: usize, height: usize, across: &[f32], down: &[f32], out: &mut [u8]) {
    let units: [f64; 256] = std::array::from_fn(|i| f64::from(i as f32 / 255.0));
    let pixels = source.as_chunks::<3>().0;
    let out = out.as_chunks_mut::<3>().0;
    for (y, out) in out.chunks_exact_mut(width).enumerate() {
        let shifts = across[y * width..].iter().zip(&down[y * width..]);
        for ((x, pixel), (&dx, &dy)) in out.iter_mut().enumerate().zip(shifts) {
            let v = Taps::new(y as f64 + f64::from(dy), height);
            let u = Taps::new(x as f64 + f64::from(dx), width);
            let at = |row: usize, column: usize| pixels[row * width + column];
            let four =
                [at(v.first, u.first), at(v.first, u.second), at(v.second, u.first), at(v.second, u.second)];
            let (wy, wx) = ([1.0 - v.t, v.t], [1.0 - u.t, u.t]);
            for (c, sample) in pixel.iter_mut().enumerate() {
                let [a, b, d, e] = four.map(|p| units[usize::from(p[c])]);
                let sum = a * wy[0] * wx[0] + b * wy[0] * wx[1] + d * wy[1] * wx[0] + e * wy[1] * wx[1];
                *sample = unit_to_byte_f32(sum as f32);
            }
        }
    }
}
