//! Pixelation: large square pixels.

use crate::kit::scratch::{self, Buffer};
use crate::{Corruption, Group, Meta, PictureMut, Rng, Severity, SizePolicy, Tolerance};

/// Reduced by a box filter and enlarged to the nearest pixel (`pixelate` of ImageNet-C), as Pillow does both.
///
/// Draws nothing.
///
/// ```
/// use scribe_corruptions::{Corruption, PictureMut, Rng, Severity, corruptions::Pixelate};
/// let mut picture: Vec<u8> = (0..32 * 32 * 3).map(|i| (i % 251) as u8).collect();
/// Pixelate.apply_in_place(PictureMut::new(&mut picture, 32, 32)?, Severity::new(5)?, &mut Rng::seed(0))?;
/// assert_eq!(picture[0..3], picture[9..12], "four pixels are one");
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Pixelate;

const FACTOR: [f64; 5] = [0.6, 0.5, 0.4, 0.3, 0.25];

static META: Meta = Meta {
    name: "pixelate",
    implementation: "reference/1",
    group: Group::Spatial,
    about: "Reduces by a box filter and enlarges to the nearest pixel.",
    parameters: |severity| format!("factor={}", severity.pick(&FACTOR)),
    size: SizePolicy::ANY,
    tolerance: Tolerance::EXACT,
};

impl Corruption for Pixelate {
    fn meta(&self) -> &Meta {
        &META
    }

    fn corrupt(&self, picture: PictureMut<'_>, severity: Severity, _rng: &mut Rng) {
        let (pixels, width, height) = picture.into_parts();
        let factor = severity.pick(&FACTOR);
        let small = |side: usize| (side as f64 * factor) as usize;
        let (w, h) = (small(width), small(height));
        let narrow = reduce_rows(pixels, width, height, w);
        let small = reduce_columns(&narrow, w, height, h);
        let (columns, rows) = (nearest(width, w), nearest(height, h));
        for (row, &y) in pixels.chunks_exact_mut(3 * width).zip(&rows) {
            let source = small[3 * w * y..3 * w * (y + 1)].as_chunks::<3>().0;
            for (pixel, &x) in row.as_chunks_mut::<3>().0.iter_mut().zip(&columns) {
                *pixel = source[x];
            }
        }
    }
}

/// Where one output of the box filter reads, and its weights in 1/2^22.
struct Taps {
    first: usize,
    weights: Vec<u32>,
}

/// Pillow's box filter from `side` to `small` samples.
fn taps(side: usize, small: usize) -> Vec<Taps> {
    let scale = side as f64 / small as f64;
    let one = |i: usize| {
        let centre = (i as f64 + 0.5) * scale;
        let first = (centre - scale / 2.0 + 0.5) as usize;
        let end = ((centre + scale / 2.0 + 0.5) as usize).min(side);
        let inside = |tap: usize| {
            let place = (tap as f64 - centre + 0.5) / scale;
            f64::from(u8::from(place > -0.5 && place <= 0.5))
        };
        let total: f64 = (first..end).map(inside).sum();
        let weight = |tap: usize| (0.5 + inside(tap) / total * f64::from(1 << 22)) as u32;
        Taps { first, weights: (first..end).map(weight).collect() }
    };
    (0..small).map(one).collect()
}

fn to_byte(sum: u32) -> u8 {
    ((sum + (1 << 21)) >> 22).min(255) as u8
}

fn reduce_rows(pixels: &[u8], width: usize, height: usize, w: usize) -> Buffer<u8> {
    let taps = taps(width, w);
    let mut out = scratch::dirty(3 * w * height);
    for (row, out) in pixels.chunks_exact(3 * width).zip(out.chunks_exact_mut(3 * w)) {
        let row = row.as_chunks::<3>().0;
        for (pixel, taps) in out.as_chunks_mut::<3>().0.iter_mut().zip(&taps) {
            let mut sums = [0; 3];
            for (source, weight) in row[taps.first..].iter().zip(&taps.weights) {
                for (sum, &s) in sums.iter_mut().zip(source) {
                    *sum += u32::from(s) * weight;
                }
            }
            *pixel = sums.map(to_byte);
        }
    }
    out
}

fn reduce_columns(pixels: &[u8], w: usize, height: usize, h: usize) -> Buffer<u8> {
    let mut out = scratch::dirty(3 * w * h);
    let mut sums = scratch::dirty(3 * w);
    for (out, taps) in out.chunks_exact_mut(3 * w).zip(taps(height, h)) {
        sums.fill(0);
        for (row, &weight) in pixels[3 * w * taps.first..].chunks_exact(3 * w).zip(&taps.weights) {
            for (sum, &s) in sums.iter_mut().zip(row) {
                *sum += u32::from(s) * weight;
            }
        }
        for (o, &sum) in out.iter_mut().zip(sums.iter()) {
            *o = to_byte(sum);
        }
    }
    out
}

/// Pillow's nearest pixel: a position that is added up, not multiplied.
fn nearest(side: usize, small: usize) -> Vec<usize> {
    let step = small as f64 / side as f64;
    let mut position = 0.5 * step;
    let mut next = || {
        let at = position as usize;
        position += step;
        at.min(small - 1)
    };
    (0..side).map(|_| next()).collect()
}
