//! Cubic enlargement of bytes as OpenCV's plain code does it, one row at a time and only inside a window.

use super::scratch::{self, Buffer};
use scribe_base::simd_fn;

/// A picture seen enlarged, of which only a window is computed.
pub(crate) struct Enlarged<'a> {
    samples: &'a [u8],
    source: (usize, usize),
    size: (usize, usize),
    /// Left edge and width of the window, in pixels of the enlarged picture.
    window: (usize, usize),
    columns: Vec<Taps>,
    /// The four source rows in use, passed horizontally: 2048 times the samples.
    rows: [(usize, Buffer<i32>); 4],
}

/// Four weights in 1/2048, and the source position of the second.
#[derive(Clone, Copy)]
struct Taps {
    at: isize,
    weights: [i32; 4],
}

impl<'a> Enlarged<'a> {
    /// Looks at RGB `samples` of the size `source` as if enlarged to `size`, through a window that begins at
    /// column `left` and is `width` pixels wide.
    pub(crate) fn new(
        samples: &'a [u8],
        source: (usize, usize),
        size: (usize, usize),
        (left, width): (usize, usize),
    ) -> Self {
        let columns = (left..left + width).map(|x| taps(x, source.0, size.0)).collect();
        let rows = std::array::from_fn(|_| (usize::MAX, scratch::dirty(3 * width)));
        Enlarged { samples, source, size, window: (left, width), columns, rows }
    }

    /// Writes row `y` of the window.
    pub(crate) fn row(&mut self, y: usize, out: &mut [u8]) {
        let taps = taps(y, self.source.1, self.size.1);
        let wanted = std::array::from_fn(|k| clamp(taps.at - 1 + k as isize, self.source.1));
        let slots = self.prepare(wanted);
        let rows = slots.map(|slot| &*self.rows[slot].1);
        // OpenCV's vector code handles samples by eights, in single precision; the rest of its row, in whole
        // numbers, rounds a half upwards.
        let all = 3 * self.size.0;
        let vector = (all - all % 8).saturating_sub(3 * self.window.0).min(out.len());
        let (head, tail) = out.split_at_mut(vector);
        down(rows, taps.weights, head);
        for (i, o) in tail.iter_mut().enumerate() {
            let sum: i32 = rows.iter().zip(taps.weights).map(|(row, w)| row[vector + i] * w).sum();
            *o = ((sum + (1 << 21)) >> 22).clamp(0, 255) as u8;
        }
    }

    /// Prepares the four rows and returns their slots; most are still there from the row before.
    fn prepare(&mut self, wanted: [usize; 4]) -> [usize; 4] {
        let held = |rows: &[(usize, Buffer<i32>); 4], y: usize| rows.iter().position(|(held, _)| *held == y);
        wanted.map(|y| {
            if let Some(slot) = held(&self.rows, y) {
                return slot;
            }
            let free = self.rows.iter().position(|(held, _)| !wanted.contains(held)).unwrap_or(0);
            let stride = 3 * self.source.0;
            let (number, row) = &mut self.rows[free];
            *number = y;
            across(&self.samples[y * stride..(y + 1) * stride], &self.columns, self.source.0, row);
            free
        })
    }
}

/// Where output `d` reads along a side of `source` enlarged to `size`.
fn taps(d: usize, source: usize, size: usize) -> Taps {
    let scale = 1.0 / (size as f64 / source as f64);
    let position = ((d as f64 + 0.5) * scale - 0.5) as f32;
    let at = position.floor();
    let x = position - at;
    let a = -0.75_f32;
    let w0 = ((a * (x + 1.0) - 5.0 * a) * (x + 1.0) + 8.0 * a) * (x + 1.0) - 4.0 * a;
    let w1 = ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
    let w2 = ((a + 2.0) * (1.0 - x) - (a + 3.0)) * (1.0 - x) * (1.0 - x) + 1.0;
    let w3 = 1.0 - w0 - w1 - w2;
    Taps { at: at as isize, weights: [w0, w1, w2, w3].map(|w| (w * 2048.0).round_ties_even() as i32) }
}

fn clamp(at: isize, side: usize) -> usize {
    at.clamp(0, side as isize - 1) as usize
}

/// The horizontal pass over one row, exact in whole numbers.
fn across(row: &[u8], columns: &[Taps], side: usize, out: &mut [i32]) {
    let pixels = row.as_chunks::<3>().0;
    for (o, taps) in out.as_chunks_mut::<3>().0.iter_mut().zip(columns) {
        let four = std::array::from_fn::<_, 4, _>(|k| pixels[clamp(taps.at - 1 + k as isize, side)]);
        for (c, o) in o.iter_mut().enumerate() {
            *o = (0..4).map(|k| i32::from(four[k][c]) * taps.weights[k]).sum();
        }
    }
}

simd_fn! {
    /// The vertical pass: single precision, summed from the last row to the first, rounded half to even.
    fn down(rows: [&[i32]; 4], weights: [i32; 4], out: &mut [u8]) {
        let b = weights.map(|w| w as f32 / 4_194_304.0);
        let n = out.len();
        let [r0, r1, r2, r3] = rows.map(|r| &r[..n]);
        for i in 0..n {
            let sum = r0[i] as f32 * b[0] + (r1[i] as f32 * b[1] + (r2[i] as f32 * b[2] + r3[i] as f32 * b[3]));
            out[i] = round_to_byte(sum);
        }
    }
}

/// Rounds half to even and clips to `0..=255`.
#[inline(always)]
fn round_to_byte(v: f32) -> u8 {
    let v = if v > 0.0 { v } else { 0.0 };
    let v = if v < 255.0 { v } else { 255.0 };
    // Adding 2^23 leaves no room for a fraction: the sum is rounded half to even.
    let rounded = (v + 8_388_608.0).to_bits();
    (rounded & 0xff) as u8
}
