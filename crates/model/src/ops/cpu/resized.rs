//! A network's outputs read at full size, some pixels at a time, so that no map of that size is made.

use super::background;
use super::level::vectorised;
use super::real::Real;
use super::tiles::{self, TILE, Tile};
use crate::ops::head::{Form, Readout};
use crate::ops::resizing::Side;
use std::ops::Range;

/// Channels are stored in blocks of so many, the last one filled up with zeros, so that loops over them have no rest.
const LANES: usize = 16;

/// Outputs `[N, h, w, C]` and where the pixels at full size lie between theirs.
pub(super) struct Resized<'a, T> {
    v: &'a [T],
    /// Height and width of the outputs.
    pub(super) inner: [usize; 2],
    /// Height and width at full size.
    pub(super) outer: [usize; 2],
    pub(super) channels: usize,
    background: Option<Form>,
    pub(super) rows: Side<T>,
    columns: Side<T>,
}

/// Memory of one task, and the pixels that it reads.
pub(super) struct Reader<'a, T> {
    of: &'a Resized<'a, T>,
    /// Blocks of [`LANES`] channels.
    blocks: usize,
    /// A row of full size's height and the outputs' width.
    row: Vec<[T; LANES]>,
    /// The gradient of `row`.
    row_gradient: Vec<[T; LANES]>,
    /// The pixels of a tile.
    pixels: Vec<[T; LANES]>,
    /// The derivatives of a tile's background logits.
    slope: Vec<[T; TILE]>,
}

impl<'a, T: Real> Resized<'a, T> {
    /// `dims` are those of `v` as `[N, C, h, w]`.
    pub(super) fn new(v: &'a [T], dims: &[usize; 4], size: [usize; 2], readout: Readout) -> Resized<'a, T> {
        let [_, channels, h, w] = *dims;
        let side = |inputs, outputs| Side::new(inputs, outputs, readout.align_corners);
        Resized {
            v,
            inner: [h, w],
            outer: size,
            channels,
            background: readout.background,
            rows: side(h, size[0]),
            columns: side(w, size[1]),
        }
    }

    /// Whether the outputs have full size, so that nothing is blended.
    pub(super) fn same_size(&self) -> bool {
        self.inner == self.outer
    }

    pub(super) fn classes(&self) -> usize {
        self.channels + usize::from(self.background.is_some())
    }

    /// The rows at full size that lie between the outputs' rows `low` and the next.
    pub(super) fn rows_from(&self, low: usize) -> Range<usize> {
        let from = &self.rows.from;
        from.partition_point(|from| from[0] < low)..from.partition_point(|from| from[0] <= low)
    }

    pub(super) fn reader(&'a self) -> Reader<'a, T> {
        let blocks = self.channels.div_ceil(LANES);
        let zeros = |pixels| vec![[T::zero(); LANES]; pixels * blocks];
        let slope = if self.background.is_some() { self.channels } else { 0 };
        let (row, row_gradient, pixels) = (zeros(self.inner[1]), zeros(self.inner[1]), zeros(TILE));
        Reader { of: self, blocks, row, row_gradient, pixels, slope: tiles::zeros(slope) }
    }
}

impl<T: Real> Reader<'_, T> {
    /// Turns to row `y` at full size of image `image`.
    pub(super) fn turn_to(&mut self, image: usize, y: usize) {
        let ([h, w], channels) = (self.of.inner, self.of.channels);
        let row = |low: usize| &self.of.v[(image * h + low) * w * channels..][..w * channels];
        if self.of.same_size() {
            let row = row(y);
            blend_rows(row, row, None, channels, self.blocks, &mut self.row);
        } else {
            let ([low, high], weight) = (self.of.rows.from[y], self.of.rows.weight[y]);
            blend_rows(row(low), row(high), Some(weight), channels, self.blocks, &mut self.row);
        }
    }

    /// The logits of the row's pixels from `first` on, as many as there are up to [`TILE`]; their number.
    pub(super) fn logits(&mut self, first: usize, z: &mut Tile<T>) -> usize {
        let count = self.resized(first, z);
        if let Some(form) = self.of.background {
            let [b, v @ ..] = z else { return count };
            self.slope.copy_from_slice(v);
            background::value(form, &mut self.slope, b);
        }
        count
    }

    /// As [`Reader::logits`], keeping what [`Reader::spread`] needs.
    pub(super) fn logits_to_learn(&mut self, first: usize, z: &mut Tile<T>) -> usize {
        let count = self.resized(first, z);
        if let Some(form) = self.of.background {
            let [b, v @ ..] = z else { return count };
            self.slope.copy_from_slice(v);
            background::value_and_slope(form, &mut self.slope, b);
        }
        count
    }

    /// The resized channels, in the last rows of `z`.
    fn resized(&mut self, first: usize, z: &mut Tile<T>) -> usize {
        let count = TILE.min(self.of.outer[1] - first);
        let v = &mut z[usize::from(self.of.background.is_some())..];
        if self.of.same_size() {
            let pixels = &self.row[first * self.blocks..][..count * self.blocks];
            tiles::load(pixels.as_flattened(), self.blocks * LANES, v);
        } else {
            let (from, weight) = (&self.of.columns.from[first..], &self.of.columns.weight[first..]);
            blend_pixels(&self.row, &from[..count], &weight[..count], self.blocks, &mut self.pixels);
            let pixels = &self.pixels[..count * self.blocks];
            tiles::load(pixels.as_flattened(), self.blocks * LANES, v);
        }
        count
    }

    /// Adds the gradient `dz` of the logits that were read last, of pixels from `first` on, to that of the row; `dz` is
    /// used up.
    pub(super) fn spread(&mut self, first: usize, dz: &mut Tile<T>) {
        let count = TILE.min(self.of.outer[1] - first);
        if self.of.background.is_some() {
            let [b, v @ ..] = dz else { return };
            add_products(v, &self.slope, b);
        }
        let dv = &dz[usize::from(self.of.background.is_some())..];
        let pixels = &mut self.pixels[..count * self.blocks];
        tiles::store(dv, self.blocks * LANES, pixels.as_flattened_mut());
        if self.of.same_size() {
            self.row_gradient[first * self.blocks..][..count * self.blocks].copy_from_slice(pixels);
        } else {
            let (from, weight) = (&self.of.columns.from[first..], &self.of.columns.weight[first..]);
            spread_pixels(pixels, &from[..count], &weight[..count], self.blocks, &mut self.row_gradient);
        }
    }

    /// Adds the row's gradient times `weight` to a row `[w, C]` of the outputs' gradient.
    pub(super) fn add_gradient(&self, weight: T, dv: &mut [T]) {
        add_row(&self.row_gradient, weight, self.of.channels, self.blocks, dv);
    }

    /// Forgets the row's gradient.
    pub(super) fn clear_gradient(&mut self) {
        self.row_gradient.fill([T::zero(); LANES]);
    }
}

vectorised! {
    /// `(1 - weight) above + weight below`, or just `above`, with the channels filled up to whole blocks.
    fn blend_rows<T>(above: &[T], below: &[T], weight: Option<T>, channels: usize, blocks: usize, row: &mut [[T; LANES]]) {
        let pixels = above.chunks_exact(channels).zip(below.chunks_exact(channels));
        for (out, (above, below)) in row.chunks_exact_mut(blocks).zip(pixels) {
            let out = &mut out.as_flattened_mut()[..channels];
            match weight {
                None => out.copy_from_slice(above),
                Some(weight) => {
                    for ((out, &above), &below) in out.iter_mut().zip(above).zip(below) {
                        *out = (T::one() - weight) * above + weight * below;
                    }
                }
            }
        }
    }
}

vectorised! {
    /// The pixels between those of a row.
    fn blend_pixels<T>(
        row: &[[T; LANES]],
        from: &[[usize; 2]],
        weight: &[T],
        blocks: usize,
        pixels: &mut [[T; LANES]],
    ) {
        for ((out, &[left, right]), &weight) in pixels.chunks_exact_mut(blocks).zip(from).zip(weight) {
            let (left, right) = (&row[left * blocks..][..blocks], &row[right * blocks..][..blocks]);
            for ((out, left), right) in out.iter_mut().zip(left).zip(right) {
                for i in 0..LANES {
                    out[i] = (T::one() - weight) * left[i] + weight * right[i];
                }
            }
        }
    }
}

vectorised! {
    /// The transpose of [`blend_pixels`]: adds what each pixel took back to where it took it from.
    fn spread_pixels<T>(
        pixels: &[[T; LANES]],
        from: &[[usize; 2]],
        weight: &[T],
        blocks: usize,
        row: &mut [[T; LANES]],
    ) {
        let mut first = 0;
        // Neighbouring pixels between the same two are added up first.
        while let Some(&[left, right]) = from.get(first) {
            let count = from[first..].iter().take_while(|from| from[0] == left).count();
            let pixels = &pixels[first * blocks..][..count * blocks];
            for block in 0..blocks {
                let mut sums = [[T::zero(); LANES]; 2];
                for (pixel, &weight) in pixels.chunks_exact(blocks).zip(&weight[first..]) {
                    for i in 0..LANES {
                        sums[0][i] += (T::one() - weight) * pixel[block][i];
                        sums[1][i] += weight * pixel[block][i];
                    }
                }
                for (place, sum) in [left, right].into_iter().zip(&sums) {
                    let row = &mut row[place * blocks + block];
                    for i in 0..LANES {
                        row[i] += sum[i];
                    }
                }
            }
            first += count;
        }
    }
}

vectorised! {
    fn add_row<T>(row: &[[T; LANES]], weight: T, channels: usize, blocks: usize, dv: &mut [T]) {
        for (dv, row) in dv.chunks_exact_mut(channels).zip(row.chunks_exact(blocks)) {
            for (dv, &row) in dv.iter_mut().zip(row.as_flattened()) {
                *dv += weight * row;
            }
        }
    }
}

vectorised! {
    /// Adds the gradient that reaches the channels through the background logit.
    fn add_products<T>(dv: &mut Tile<T>, slope: &Tile<T>, db: &[T; TILE]) {
        for (dv, slope) in dv.iter_mut().zip(slope) {
            for i in 0..TILE {
                dv[i] += slope[i] * db[i];
            }
        }
    }
}
