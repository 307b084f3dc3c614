//! The last pass, row after row: only the wanted part is stored, but the extremes are those of the whole.

use super::draw;
use crate::Rng;
use crate::kit::scratch::{self, Buffer};
use scribe_base::simd_fn;

/// Makes the points between those of `known`, a square of side `n`, and stores the upper left of the square twice
/// as wide in `map`; returns the least and the largest value of the whole square.
pub(crate) fn pass(
    known: &[f64],
    n: usize,
    wibble: f64,
    rng: &mut Rng,
    map: &mut [f64],
    (width, height): (usize, usize),
) -> (f64, f64) {
    let mut rows = Rows::new(n);
    // The first row of edges reads the last row of squares, whose draws come just before those of the edges.
    let mut squares = rng.clone();
    rng.skip_doubles(n * (n - 1));
    rows.load(known, n, n - 1);
    rows.squares(wibble, rng);
    let mut across = rng.clone();
    let mut down = across.clone();
    down.skip_doubles(n * n);
    let mut extremes = extremes(known, [f64::INFINITY, f64::NEG_INFINITY]);
    for i in 0..n {
        rows.load(known, n, i);
        std::mem::swap(&mut rows.above, &mut rows.middles);
        rows.squares(wibble, &mut squares);
        rows.edges(wibble, &mut across, &mut down);
        for points in [&rows.middles[1..], &rows.across[..], &rows.down[..]] {
            extremes = self::extremes(points, extremes);
        }
        let out = map.chunks_exact_mut(width).take(height).skip(2 * i).take(2);
        for (row, (even, odd)) in
            out.zip([(&rows.corners[..n], &rows.across[..]), (&rows.down[..], &rows.middles[1..])])
        {
            interleave(even, odd, row);
        }
    }
    *rng = down;
    (extremes[0], extremes[1])
}

/// What one row of squares needs.
struct Rows {
    noise: Buffer<f64>,
    /// The known points, the first repeated at the end.
    corners: Buffer<f64>,
    /// Each known point and the one below it, added.
    pairs: Buffer<f64>,
    /// The middles of the squares above, the last repeated at the beginning.
    above: Buffer<f64>,
    /// The middles of the squares, the last repeated at the beginning.
    middles: Buffer<f64>,
    /// The middles of the upper edges.
    across: Buffer<f64>,
    /// The middles of the left edges.
    down: Buffer<f64>,
}

impl Rows {
    fn new(n: usize) -> Rows {
        let (row, longer) = (|| scratch::dirty(n), || scratch::dirty(n + 1));
        Rows {
            noise: row(),
            corners: longer(),
            pairs: longer(),
            above: longer(),
            middles: longer(),
            across: row(),
            down: row(),
        }
    }

    /// Takes row `i` of the known points and the one below it.
    fn load(&mut self, known: &[f64], n: usize, i: usize) {
        let (here, below) = (&known[i * n..][..n], &known[(i + 1) % n * n..][..n]);
        self.corners[..n].copy_from_slice(here);
        self.corners[n] = here[0];
        for ((pair, a), b) in self.pairs.iter_mut().zip(here).zip(below) {
            *pair = a + b;
        }
        self.pairs[n] = self.pairs[0];
    }

    /// The middles of the squares.
    fn squares(&mut self, wibble: f64, rng: &mut Rng) {
        draw(&mut self.noise, wibble, rng);
        middles(&self.pairs, &self.noise, wibble, &mut self.middles[1..]);
        self.middles[0] = self.middles[self.noise.len()];
    }

    /// The middles of both edges.
    fn edges(&mut self, wibble: f64, across: &mut Rng, down: &mut Rng) {
        draw(&mut self.noise, wibble, across);
        edges_across(
            &self.middles[1..],
            &self.above[1..],
            &self.corners,
            &self.noise,
            wibble,
            &mut self.across,
        );
        draw(&mut self.noise, wibble, down);
        edges_down(&self.middles, &self.pairs, &self.noise, wibble, &mut self.down);
    }
}

simd_fn! {
    fn middles(pairs: &[f64], noise: &[f64], wibble: f64, out: &mut [f64]) {
        let n = out.len();
        let (left, right, noise) = (&pairs[..n], &pairs[1..=n], &noise[..n]);
        for j in 0..n {
            out[j] = (left[j] + right[j]) / 4.0 + wibble * noise[j];
        }
    }
}

simd_fn! {
    fn edges_across(
        below: &[f64],
        above: &[f64],
        corners: &[f64],
        noise: &[f64],
        wibble: f64,
        out: &mut [f64],
    ) {
        let n = out.len();
        let (below, above, noise) = (&below[..n], &above[..n], &noise[..n]);
        let (left, right) = (&corners[..n], &corners[1..=n]);
        for j in 0..n {
            out[j] = ((below[j] + above[j]) + (left[j] + right[j])) / 4.0 + wibble * noise[j];
        }
    }
}

simd_fn! {
    fn edges_down(middles: &[f64], pairs: &[f64], noise: &[f64], wibble: f64, out: &mut [f64]) {
        let n = out.len();
        let (left, right) = (&middles[..n], &middles[1..=n]);
        let (pairs, noise) = (&pairs[..n], &noise[..n]);
        for j in 0..n {
            out[j] = ((right[j] + left[j]) + pairs[j]) / 4.0 + wibble * noise[j];
        }
    }
}

simd_fn! {
    /// The least and the largest of the points and of those found before.
    fn extremes(points: &[f64], found: [f64; 2]) -> [f64; 2] {
        let (mut least, mut most) = ([found[0]; 8], [found[1]; 8]);
        let (eights, tail) = points.as_chunks::<8>();
        for part in eights {
            for ((least, most), &v) in least.iter_mut().zip(&mut most).zip(part) {
                *least = if v < *least { v } else { *least };
                *most = if v > *most { v } else { *most };
            }
        }
        let least = least.iter().chain(tail).copied().fold(f64::INFINITY, f64::min);
        [least, most.iter().chain(tail).copied().fold(f64::NEG_INFINITY, f64::max)]
    }
}

/// Even places from one row, odd places from the other, as many as `out` has.
fn interleave(even: &[f64], odd: &[f64], out: &mut [f64]) {
    let (pairs, last) = out.as_chunks_mut::<2>();
    for (pair, (e, o)) in pairs.iter_mut().zip(even.iter().zip(odd)) {
        *pair = [*e, *o];
    }
    if let [one] = last {
        *one = even[pairs.len()];
    }
}
