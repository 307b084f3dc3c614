//! Convolutions of few channels, such as of a picture's three: the taps of a row are one run of numbers.
//!
//! A product as deep as three channels would spend its time on reading and writing sums. Where taps are neighbours, those
//! of a row read neighbouring pixels, and all their channels follow one another. So each block of results copies the part
//! of the picture that it reads, with zeros around, and reads it in place from there.

use super::block::Block;
use crate::ops::cpu::real::Real;
use crate::ops::geometry::Conv2dShape;

/// Channels up to which this is done.
const FEW: usize = 8;

/// Whether this convolution reads windows, for its result and for the gradient of its weight. Where the stride is longer
/// than the kernel, most of a window would be pixels that no tap reads.
pub(super) fn worthwhile(shape: &Conv2dShape) -> bool {
    let [kh, kw] = shape.kernel;
    shape.inputs <= FEW && kw > 1 && shape.config.dilation == 1 && shape.config.stride <= kh.min(kw)
}

/// The part of one image that a block of results reads, with zeros where it is outside.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    /// Elements of a row.
    pub(super) pitch: usize,
    rows: usize,
    /// Elements from one result's taps to those of the next.
    pub(super) step: usize,
    /// Elements that a row of taps reads.
    pub(super) depth: usize,
}

impl Window {
    /// The sizes of the window of a block.
    pub(super) fn new(shape: &Conv2dShape, block: &Block) -> Window {
        let span = |results: usize, kernel: usize| (results - 1) * shape.config.stride + kernel;
        Window {
            pitch: span(block.columns.len(), shape.kernel[1]) * shape.inputs,
            rows: span(block.rows.len(), shape.kernel[0]),
            step: shape.config.stride * shape.inputs,
            depth: shape.kernel[1] * shape.inputs,
        }
    }

    /// Elements of the window.
    pub(super) fn len(&self) -> usize {
        self.pitch * self.rows
    }

    /// Where the row of taps `tap_row` of the first result in row `row` of the block begins.
    pub(super) fn at(&self, shape: &Conv2dShape, row: usize, tap_row: usize) -> usize {
        (row * shape.config.stride + tap_row) * self.pitch
    }

    /// Copies the window of a block out of `source` `[N, H, W, C]`.
    pub(super) fn copy<T: Real>(&self, shape: &Conv2dShape, source: &[T], block: &Block, window: &mut [T]) {
        let ([height, width], channels, padding) = (shape.size, shape.inputs, shape.config.padding);
        let first = |at: usize| (at * shape.config.stride) as isize - padding as isize;
        let (top, left) = (first(block.rows.start), first(block.columns.start));
        // The columns of the picture that the window shows.
        let columns =
            left.max(0) as usize..((left + (self.pitch / channels) as isize).max(0) as usize).min(width);
        for (row, line) in window.chunks_exact_mut(self.pitch).enumerate() {
            let inside =
                usize::try_from(top + row as isize).ok().filter(|&y| y < height && !columns.is_empty());
            let Some(y) = inside else {
                line.fill(T::zero());
                continue;
            };
            let before = (columns.start as isize - left) as usize * channels;
            let from = (block.image * height + y) * width;
            let values = &source[(from + columns.start) * channels..(from + columns.end) * channels];
            line[..before].fill(T::zero());
            line[before..][..values.len()].copy_from_slice(values);
            line[before + values.len()..].fill(T::zero());
        }
    }
}

/// Of a weight `[Co, Ci, taps]`, the matrix `[Co, taps * Ci]` with columns in the order of a window.
pub(super) fn by_taps<T: Real>(weight: &[T], shape: &Conv2dShape) -> Vec<T> {
    let (ci, taps) = (shape.inputs, shape.taps());
    let row = |row: &[T]| -> Vec<T> { (0..taps * ci).map(|i| row[i % ci * taps + i / ci]).collect() };
    weight.chunks_exact(ci * taps).flat_map(row).collect()
}
