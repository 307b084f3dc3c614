//! The diamond-square height map of the reference's fog.

use super::scratch;
use crate::Rng;

/// Fills `map`, a square of side `side` (a power of two), with a height map scaled to `0..=1`.
///
/// Each pass halves the step and divides the random part by `decay`; indices wrap at the edges.
/// The random part has amplitude `w * w`, because the reference multiplies by `w` what it draws from
/// `[-w, w)`. Draws: `side * side - 1` doubles.
pub fn fractal(map: &mut [f64], side: usize, decay: f64, rng: &mut Rng) {
    let mut noise = scratch::dirty(side / 2);
    let mut diagonal = scratch::dirty(side / 2 + 1);
    map[0] = 0.0;
    let (mut step, mut wibble) = (side, 100.0);
    while step >= 2 {
        let mut pass = Pass { map, side, step, wibble, rng, noise: &mut noise, row: &mut diagonal };
        pass.squares();
        pass.edges_across();
        pass.edges_down();
        step /= 2;
        wibble /= decay;
    }
    rescale(map);
}

/// One halving of the step.
struct Pass<'a> {
    map: &'a mut [f64],
    side: usize,
    step: usize,
    wibble: f64,
    rng: &'a mut Rng,
    noise: &'a mut [f64],
    row: &'a mut [f64],
}

impl Pass<'_> {
    /// The middles of the squares: the mean of four corners.
    fn squares(&mut self) {
        let (n, step, half) = (self.side / self.step, self.step, self.step / 2);
        for i in 0..n {
            let (top, bottom) = (i * step * self.side, (i + 1) % n * step * self.side);
            for j in 0..n {
                self.row[j] = self.map[top + j * step] + self.map[bottom + j * step];
            }
            self.row[n] = self.row[0];
            self.draw(n);
            let out = (i * step + half) * self.side + half;
            for j in 0..n {
                self.map[out + j * step] =
                    (self.row[j] + self.row[j + 1]) / 4.0 + self.wibble * self.noise[j];
            }
        }
    }

    /// The middles of the upper edges: two middles of squares and two corners.
    fn edges_across(&mut self) {
        let (n, step, half) = (self.side / self.step, self.step, self.step / 2);
        for i in 0..n {
            let here = i * step * self.side;
            let below = (i * step + half) * self.side + half;
            let above = ((i + n - 1) % n * step + half) * self.side + half;
            self.draw(n);
            for j in 0..n {
                let middles = self.map[below + j * step] + self.map[above + j * step];
                let corners = self.map[here + j * step] + self.map[here + (j + 1) % n * step];
                self.map[here + half + j * step] = (middles + corners) / 4.0 + self.wibble * self.noise[j];
            }
        }
    }

    /// The middles of the left edges.
    fn edges_down(&mut self) {
        let (n, step, half) = (self.side / self.step, self.step, self.step / 2);
        for i in 0..n {
            let (top, bottom) = (i * step * self.side, (i + 1) % n * step * self.side);
            let here = (i * step + half) * self.side;
            self.draw(n);
            for j in 0..n {
                let middles =
                    self.map[here + half + j * step] + self.map[here + half + (j + n - 1) % n * step];
                let corners = self.map[top + j * step] + self.map[bottom + j * step];
                self.map[here + j * step] = (middles + corners) / 4.0 + self.wibble * self.noise[j];
            }
        }
    }

    /// The next `n` numbers of `[-w, w)`.
    fn draw(&mut self, n: usize) {
        let (low, span) = (-self.wibble, self.wibble - -self.wibble);
        let noise = &mut self.noise[..n];
        self.rng.fill_double(noise);
        for u in noise {
            *u = low + span * *u;
        }
    }
}

simd_fn! {
    fn rescale(map: &mut [f64]) {
        let mut least = [f64::INFINITY; 8];
        let mut most = [f64::NEG_INFINITY; 8];
        for part in map.as_chunks::<8>().0 {
            for ((least, most), &v) in least.iter_mut().zip(&mut most).zip(part) {
                *least = if v < *least { v } else { *least };
                *most = if v > *most { v } else { *most };
            }
        }
        let tail = map.as_chunks::<8>().1;
        let least = least.iter().chain(tail).copied().fold(f64::INFINITY, f64::min);
        let most = most.iter().chain(tail).copied().fold(f64::NEG_INFINITY, f64::max);
        // Subtraction rounds monotonically, so the largest difference is that of the largest value.
        let range = most - least;
        for v in map {
            *v = (*v - least) / range;
        }
    }
}
