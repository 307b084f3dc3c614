//! Some pixels channel by channel, so that vectors hold neighbouring pixels, and functions of their channels.

use super::level::vectorised;
use crate::ops::cpu::real::Real;

/// Pixels handled at once.
pub(super) const TILE: usize = 64;

/// The channels of [`TILE`] pixels, channel by channel.
pub(super) type Tile<T> = [[T; TILE]];

/// A tile of zeros.
pub(super) fn zeros<T: Real>(channels: usize) -> Vec<[T; TILE]> {
    vec![[T::zero(); TILE]; channels]
}

/// Channels and pixels that are turned at once.
const SQUARE: usize = 4;

vectorised! {
    /// Fills the tile from whole pixels whose channels lie side by side, `stride` numbers from one pixel to the next. The
    /// places of missing pixels keep what they held.
    pub(super) fn load<T>(pixels: &[T], stride: usize, tile: &mut Tile<T>) {
        let count = pixels.len() / stride;
        let whole = count / SQUARE * SQUARE;
        let (squares, last) = tile.as_chunks_mut::<SQUARE>();
        let first_of_last = squares.len() * SQUARE;
        for (c, rows) in squares.iter_mut().enumerate() {
            for i in (0..whole).step_by(SQUARE) {
                let mut square = [[T::zero(); SQUARE]; SQUARE];
                for (s, numbers) in square.iter_mut().enumerate() {
                    numbers.copy_from_slice(&pixels[(i + s) * stride + c * SQUARE..][..SQUARE]);
                }
                for (r, row) in rows.iter_mut().enumerate() {
                    row[i..i + SQUARE].copy_from_slice(&square.map(|numbers| numbers[r]));
                }
            }
            for i in whole..count {
                rows.iter_mut().zip(&pixels[i * stride + c * SQUARE..]).for_each(|(row, &v)| row[i] = v);
            }
        }
        for (c, row) in last.iter_mut().enumerate() {
            for i in 0..count {
                row[i] = pixels[i * stride + first_of_last + c];
            }
        }
    }
}

vectorised! {
    /// The reverse of [`load`]: fills whole pixels from the tile. Numbers between the pixels stay as they were.
    pub(super) fn store<T>(tile: &Tile<T>, stride: usize, pixels: &mut [T]) {
        let count = pixels.len() / stride;
        let whole = count / SQUARE * SQUARE;
        let (squares, last) = tile.as_chunks::<SQUARE>();
        let first_of_last = squares.len() * SQUARE;
        for (c, rows) in squares.iter().enumerate() {
            for i in (0..whole).step_by(SQUARE) {
                let mut square = [[T::zero(); SQUARE]; SQUARE];
                for (numbers, row) in square.iter_mut().zip(rows) {
                    numbers.copy_from_slice(&row[i..i + SQUARE]);
                }
                for s in 0..SQUARE {
                    let pixel = &mut pixels[(i + s) * stride + c * SQUARE..][..SQUARE];
                    pixel.copy_from_slice(&square.map(|numbers| numbers[s]));
                }
            }
            for i in whole..count {
                pixels[i * stride + c * SQUARE..].iter_mut().zip(rows).for_each(|(v, row)| *v = row[i]);
            }
        }
        for (c, row) in last.iter().enumerate() {
            for i in 0..count {
                pixels[i * stride + first_of_last + c] = row[i];
            }
        }
    }
}

vectorised! {
    /// Largest channel of each pixel, and its index; the first of equals, and the first NaN before all numbers.
    pub(super) fn largest<T>(v: &Tile<T>, index: &mut [T; TILE], value: &mut [T; TILE]) {
        *index = [T::zero(); TILE];
        *value = v[0];
        let mut k = T::zero();
        for row in &v[1..] {
            k += T::one();
            for i in 0..TILE {
                let (v, best) = (row[i], value[i]);
                #[allow(clippy::eq_op, reason = "only NaN differs from itself")]
                let better = v > best || (v != v && best == best);
                value[i] = if better { v } else { best };
                index[i] = if better { k } else { index[i] };
            }
        }
    }
}

vectorised! {
    /// Replaces the channels by `exp(v - largest)` and gives their sum and the largest.
    ///
    /// Where the largest is infinite all terms are what they tend to be when it grows: the result stays a number.
    fn exponentials<T>(v: &mut Tile<T>, sum: &mut [T; TILE], largest: &mut [T; TILE]) {
        *largest = v[0];
        for row in &v[1..] {
            for i in 0..TILE {
                #[allow(clippy::neg_cmp_op_on_partial_ord, reason = "a NaN that is the largest stays it")]
                let keep = !(row[i] > largest[i]);
                largest[i] = if keep { largest[i] } else { row[i] };
            }
        }
        *sum = [T::zero(); TILE];
        for row in v {
            for i in 0..TILE {
                let below = row[i] - largest[i];
                // Infinity less infinity: the term of a largest channel.
                let below = if row[i] == largest[i] { T::zero() } else { below };
                row[i] = below.exp_of_negative();
                sum[i] += row[i];
            }
        }
    }
}

vectorised! {
    /// `LSE(v) - largest` and the largest channel of each pixel; `v` is used up.
    pub(super) fn log_sum<T>(v: &mut Tile<T>, log_sum: &mut [T; TILE], largest: &mut [T; TILE]) {
        let mut sum = [T::zero(); TILE];
        exponentials(v, &mut sum, largest);
        for i in 0..TILE {
            log_sum[i] = sum[i].ln_from_one();
        }
    }
}

vectorised! {
    /// Replaces the channels by their softmax, and gives the logarithm of its divisor, `LSE(v) - largest`, and the largest.
    pub(super) fn softmax<T>(v: &mut Tile<T>, log_sum: &mut [T; TILE], largest: &mut [T; TILE]) {
        let mut sum = [T::zero(); TILE];
        exponentials(v, &mut sum, largest);
        for row in v {
            for i in 0..TILE {
                row[i] /= sum[i];
            }
        }
        for i in 0..TILE {
            log_sum[i] = sum[i].ln_from_one();
        }
    }
}
