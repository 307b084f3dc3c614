//! Convolutions of few channels, such as of a picture's three: the taps of a pixel make one row.
//!
//! A product as deep as three channels would spend its time on reading and writing sums.

use super::correlation::{Correlation, Tap, inside};
use super::direct::Block;
use crate::ops::cpu::real::Real;
use crate::ops::geometry::Conv2dShape;

/// Channels up to which the taps are put into one row.
const FEW: usize = 8;

/// Whether the taps of this convolution are put into one row, for its result and for the gradient of its weight.
pub(super) fn worthwhile(shape: &Conv2dShape) -> bool {
    shape.inputs <= FEW && shape.taps() > 1 && shape.inputs * shape.taps() <= 1024
}

/// Of a weight `[Co, Ci, taps]` the matrix `[Co, taps * Ci]` of rows in the order of the patches.
pub(super) fn rows<T: Real>(weight: &[T], shape: &Conv2dShape) -> Vec<T> {
    let (ci, taps) = (shape.inputs, shape.taps());
    let row = |row: &[T]| -> Vec<T> { (0..taps * ci).map(|i| row[i % ci * taps + i / ci]).collect() };
    weight.chunks_exact(ci * taps).flat_map(row).collect()
}

/// The inverse of [`rows`].
pub(super) fn weight<T: Real>(rows: &[T], shape: &Conv2dShape) -> Vec<T> {
    let (ci, taps) = (shape.inputs, shape.taps());
    let row = |row: &[T]| -> Vec<T> { (0..ci * taps).map(|i| row[i % taps * ci + i / taps]).collect() };
    rows.chunks_exact(ci * taps).flat_map(row).collect()
}

/// Writes the patch of every pixel of a block: for each tap, the channels that it reads, or zeros.
pub(super) fn gather<T: Real>(shape: &Conv2dShape, source: &[T], block: &Block, patches: &mut [T]) {
    let (ci, [kh, kw], config) = (shape.inputs, shape.kernel, shape.config);
    let [height, width] = shape.size;
    patches.fill(T::zero());
    let offset = |index: usize| (index * config.dilation) as isize - config.padding as isize;
    let mut patches = patches.chunks_exact_mut(kh * kw * ci);
    for row in block.rows.clone() {
        for column in block.columns.clone() {
            let Some(patch) = patches.next() else { return };
            for (ky, line) in patch.chunks_exact_mut(kw * ci).enumerate() {
                let Some(y) = within(row * config.stride, offset(ky), height) else { continue };
                let from = (block.image * height + y) * width;
                // The taps of this row that read inside the source.
                let taps = inside(kw, config.dilation, (column * config.stride) as isize + offset(0), width);
                if taps.is_empty() {
                    continue;
                }
                // Neighbouring taps read neighbouring pixels, in one run.
                let run = if config.dilation == 1 { taps.len() } else { 1 };
                for kx in taps.step_by(run) {
                    let x = (column * config.stride).wrapping_add_signed(offset(kx));
                    let values = &source[(from + x) * ci..][..run * ci];
                    line[kx * ci..][..run * ci].copy_from_slice(values);
                }
            }
        }
    }
}

/// `at + offset`, where it is below `size`.
fn within(at: usize, offset: isize, size: usize) -> Option<usize> {
    at.checked_add_signed(offset).filter(|&at| at < size)
}

/// The correlation of patches with the matrix of [`rows`]: each pixel reads its own patch.
pub(super) fn correlation(shape: &Conv2dShape) -> Correlation {
    Correlation {
        images: shape.images,
        source: shape.out,
        target: shape.out,
        grid: shape.out,
        step: 1,
        origin: [0, 0],
        target_step: 1,
        taps: vec![Tap { index: 0, offset: [0, 0] }],
    }
}
