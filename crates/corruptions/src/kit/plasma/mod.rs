//! The diamond-square height map of the reference's fog.

mod coarse;
mod finest;

use super::scratch;
use crate::Rng;
use scribe_base::simd_fn;

/// The largest part of the random numbers in the first pass; the reference's choice.
const FIRST: f64 = 100.0;

/// Fills `map`, `height` rows of `width`, with the upper left of a square height map scaled to `0..=1`.
///
/// The square's side `N` is the next power of two from the longer side, at least 4. Each pass halves the step and
/// divides the random part by `decay`; indices wrap at the edges. The random part has amplitude `w * w`, because
/// the reference multiplies by `w` what it draws from `[-w, w)`. Draws: `N N - 1` doubles.
///
/// The last pass makes three quarters of the square and is never stored whole: its three kinds of points are made
/// side by side, row after row, each from its own place in the stream of random numbers.
pub(crate) fn fractal(map: &mut [f64], (width, height): (usize, usize), decay: f64, rng: &mut Rng) {
    let n = width.max(height).next_power_of_two().max(4) / 2;
    let mut known = scratch::dirty(n * n);
    let wibble = coarse::passes(&mut known, n, FIRST, decay, rng);
    let (least, most) = finest::pass(&known, n, wibble, rng, map, (width, height));
    // Subtraction rounds monotonically, so the largest difference is that of the largest value.
    rescale(map, least, most - least);
}

/// The next numbers of `[-wibble, wibble)`.
fn draw(noise: &mut [f64], wibble: f64, rng: &mut Rng) {
    let (low, span) = (-wibble, wibble - -wibble);
    rng.fill_double(noise);
    for u in noise {
        *u = low + span * *u;
    }
}

simd_fn! {
    fn rescale(map: &mut [f64], least: f64, range: f64) {
        for v in map {
            *v = (*v - least) / range;
        }
    }
}
