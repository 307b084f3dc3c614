//! All passes but the last, in place in a square of half the side.

use super::draw;
use crate::Rng;
use crate::kit::scratch;

/// Fills `map`, a square of side `side` (a power of two), whose points are those of even row and column of a
/// square twice as wide; returns the random part's size for the pass that is left.
pub(crate) fn passes(map: &mut [f64], side: usize, first: f64, decay: f64, rng: &mut Rng) -> f64 {
    let mut noise = scratch::dirty(side / 2);
    let mut row = scratch::dirty(side / 2 + 1);
    map[0] = 0.0;
    let (mut step, mut wibble) = (side, first);
    while step >= 2 {
        let mut pass = Pass { map, side, step, wibble, rng, noise: &mut noise, row: &mut row };
        pass.squares();
        pass.edges_across();
        pass.edges_down();
        step /= 2;
        wibble /= decay;
    }
    wibble
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
            draw(&mut self.noise[..n], self.wibble, self.rng);
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
            draw(&mut self.noise[..n], self.wibble, self.rng);
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
            draw(&mut self.noise[..n], self.wibble, self.rng);
            for j in 0..n {
                let middles =
                    self.map[here + half + j * step] + self.map[here + half + (j + n - 1) % n * step];
                let corners = self.map[top + j * step] + self.map[bottom + j * step];
                self.map[here + j * step] = (middles + corners) / 4.0 + self.wibble * self.noise[j];
            }
        }
    }
}
