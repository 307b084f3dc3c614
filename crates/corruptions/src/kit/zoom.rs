//! Linear enlargement as `scipy.ndimage.zoom(order=1)` does it: corner samples stay in the corners.

use super::scratch::{self, Buffer};
use scribe_base::simd_fn;

/// One side of a zoom: for each output position the source position and the weight of the next sample.
pub(crate) struct Axis {
    /// First sample of each output.
    pub(crate) at: Vec<u32>,
    /// Weight of the second sample; a position beyond the last sample, by rounding, is NaN and means zero.
    pub(crate) t: Vec<f64>,
    /// Length of the source.
    source: usize,
}

impl Axis {
    /// A side of `n` samples enlarged by `factor`; at most `limit` outputs are computed.
    pub(crate) fn new(n: usize, factor: f64, limit: usize) -> Axis {
        let outputs = (n as f64 * factor).round_ties_even() as usize;
        let step = if outputs > 1 { (n as f64 - 1.0) / (outputs as f64 - 1.0) } else { 1.0 };
        let last = n as f64 - 1.0;
        let (mut at, mut t) = (Vec::with_capacity(outputs), Vec::with_capacity(outputs));
        for k in 0..outputs.min(limit) {
            let c = k as f64 * step;
            let first = c.floor();
            at.push(first.min(last) as u32);
            t.push(if c > last { f64::NAN } else { c - first });
        }
        Axis { at, t, source: n }
    }

    /// How many outputs are computed.
    pub(crate) fn len(&self) -> usize {
        self.at.len()
    }

    /// The sample after the first of output `k`; the last has none, and there its weight is zero.
    fn next(&self, k: usize) -> usize {
        (self.at[k] as usize + 1).min(self.source - 1)
    }
}

/// The part of a side that a zoom by `factor` keeps: where it begins and how long it is.
pub(crate) fn crop(side: usize, factor: f64) -> (usize, usize) {
    let kept = (side as f64 / factor).ceil() as usize;
    ((side - kept) / 2, kept)
}

/// A zoom of a plane of single-precision samples, three to a pixel, computed row by row from the top.
pub(crate) struct Zoom {
    left: usize,
    top: usize,
    down: Axis,
    along: Axis,
    /// Where both neighbours of each output pixel begin in a source row.
    places: Vec<[u32; 2]>,
    /// The weight of the right neighbour, one for each sample.
    share: Buffer<f64>,
    /// Both neighbours of every output sample, for the two source rows in use.
    rows: [(usize, [Buffer<f32>; 2]); 2],
}

/// Samples in a pixel.
const CHANNELS: usize = 3;

impl Zoom {
    /// The zoom by `factor` of the middle of a picture, of which the upper left `width` x `height` is kept.
    pub(crate) fn new(width: usize, height: usize, factor: f64) -> Zoom {
        let ((top, rows), (left, columns)) = (crop(height, factor), crop(width, factor));
        let (down, along) = (Axis::new(rows, factor, height), Axis::new(columns, factor, width));
        let mut share = scratch::dirty(CHANNELS * along.len());
        for (pixel, &t) in share.as_chunks_mut::<CHANNELS>().0.iter_mut().zip(&along.t) {
            *pixel = [t; CHANNELS];
        }
        // One sample more, because neighbours are gathered by four.
        let spare = || scratch::dirty(CHANNELS * along.len() + 1);
        let rows = std::array::from_fn(|_| (usize::MAX, [spare(), spare()]));
        let place = |k: usize| [along.at[k] as usize, along.next(k)].map(|at| (CHANNELS * at) as u32);
        let places = (0..along.len()).map(place).collect();
        Zoom { left, top, down, along, places, share, rows }
    }

    /// Adds row `y` of the zoom to `sums`, in single precision; `plane` has rows of `stride` samples and one
    /// sample to spare at the end.
    pub(crate) fn add_row(&mut self, plane: &[f32], stride: usize, y: usize, sums: &mut [f32]) {
        let t = self.down.t[y];
        if t.is_nan() {
            return;
        }
        let wanted = [self.down.at[y] as usize, self.down.next(y)];
        if self.rows[0].0 != wanted[0] && self.rows[1].0 == wanted[0] {
            self.rows.swap(0, 1);
        }
        for (row, slot) in wanted.into_iter().zip(&mut self.rows) {
            if slot.0 != row {
                slot.0 = row;
                let start = (self.top + row) * stride + self.left * CHANNELS;
                gather(&plane[start..], &self.places, &mut slot.1);
            }
        }
        // A last column outside the source is zero, and adding zero changes nothing.
        let outside = self.along.t.iter().rev().take_while(|t| t.is_nan()).count();
        let n = CHANNELS * (self.along.len() - outside);
        let [(_, [a, b]), (_, [c, d])] = &self.rows;
        add([&a[..n], &b[..n], &c[..n], &d[..n]], &self.share[..n], t, &mut sums[..n]);
    }
}

/// Both neighbours of every output pixel of one source row.
fn gather(row: &[f32], places: &[[u32; 2]], out: &mut [Buffer<f32>; 2]) {
    let [first, second] = out;
    let (mut first, mut second) = (&mut first[..], &mut second[..]);
    for &[a, b] in places {
        // Four samples at once; the next pixel's three overwrite the fourth.
        copy_four(row, a, first);
        copy_four(row, b, second);
        (first, second) = (&mut first[CHANNELS..], &mut second[CHANNELS..]);
    }
}

#[inline(always)]
fn copy_four(row: &[f32], at: u32, to: &mut [f32]) {
    const SPARE: &str = "rows have a sample to spare";
    *to.first_chunk_mut::<4>().expect(SPARE) = *row[at as usize..].first_chunk::<4>().expect(SPARE);
}

simd_fn! {
    /// Four weighted neighbours, each `v * down * along` in double precision, summed in scipy's order.
    fn add(samples: [&[f32]; 4], share: &[f64], down: f64, sums: &mut [f32]) {
        let n = sums.len();
        let [a, b, c, d] = samples.map(|s| &s[..n]);
        let share = &share[..n];
        let (upper, lower) = (1.0 - down, down);
        for i in 0..n {
            let (left, right) = (1.0 - share[i], share[i]);
            let mut sum = f64::from(a[i]) * upper * left;
            sum += f64::from(b[i]) * upper * right;
            sum += f64::from(c[i]) * lower * left;
            sum += f64::from(d[i]) * lower * right;
            sums[i] += sum as f32;
        }
    }
}

/// The whole zoom of the middle of a plane of doubles, with its width and height (`scipy` in the reference's snow).
pub(crate) fn whole(plane: &[f64], width: usize, height: usize, factor: f64) -> (Buffer<f64>, usize, usize) {
    let ((top, rows), (left, columns)) = (crop(height, factor), crop(width, factor));
    let (down, along) = (Axis::new(rows, factor, usize::MAX), Axis::new(columns, factor, usize::MAX));
    let (w, h) = (along.len(), down.len());
    let mut out = scratch::zeroed(w * h);
    let mut pair = [scratch::dirty(columns), scratch::dirty(columns)];
    for (y, out) in out.chunks_exact_mut(w).enumerate() {
        let t = down.t[y];
        if t.is_nan() {
            continue;
        }
        for ((row, weight), scaled) in
            [(down.at[y] as usize, 1.0 - t), (down.next(y), t)].into_iter().zip(&mut pair)
        {
            let start = (top + row) * width + left;
            for (s, v) in scaled.iter_mut().zip(&plane[start..start + columns]) {
                *s = v * weight;
            }
        }
        let [upper, lower] = &pair;
        for (k, out) in out.iter_mut().enumerate() {
            let t = along.t[k];
            if t.is_nan() {
                continue;
            }
            let (i, j) = (along.at[k] as usize, along.next(k));
            *out = upper[i] * (1.0 - t) + upper[j] * t + lower[i] * (1.0 - t) + lower[j] * t;
        }
    }
    (out, w, h)
}
