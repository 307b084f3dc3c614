//! The weights of a 3x3 convolution, transformed and packed.

use super::lanes::Lanes;
use super::patches::PatchSize;
use super::transforms::{taps_four, taps_two};
use crate::ops::cpu::memory::filled;
use crate::ops::cpu::product::PANEL;
use crate::ops::cpu::real::Real;
use std::mem::MaybeUninit;

/// Rows of a panel that are transformed together: their taps stay in the first-level cache.
const ROWS: usize = 16;

/// A matrix `[depth, columns]` for each product of a patch, cut into panels of [`PANEL`] columns. Columns beyond the last
/// are 0.
#[derive(Clone, Debug)]
pub(in crate::ops::cpu) struct TransformedWeights<T> {
    size: PatchSize,
    /// `[panel, product, depth, PANEL]`.
    data: Vec<T>,
    depth: usize,
    columns: usize,
}

impl<T: Real> TransformedWeights<T> {
    /// Of a weight `[Co, Ci, 3, 3]`, the matrices `[Ci, Co]`, with which a convolution goes forward.
    pub(in crate::ops::cpu) fn forward(size: PatchSize, weight: &[T], [co, ci]: [usize; 2]) -> Self {
        let row = 9 * ci;
        TransformedWeights::new(size, [ci, co], |columns, rows, taps| {
            let weight = &weight[columns * row..];
            for (column, weight) in weight.chunks_exact(row).take(PANEL).enumerate() {
                for (taps, &value) in taps.as_flattened_mut().iter_mut().zip(&weight[9 * rows..]) {
                    taps[column] = value;
                }
            }
        })
    }

    /// Of a weight `[Co, Ci, 3, 3]`, the matrices `[Co, Ci]` of the mirrored kernel, with which the gradient of the input
    /// is made.
    pub(in crate::ops::cpu) fn input_gradient(size: PatchSize, weight: &[T], [co, ci]: [usize; 2]) -> Self {
        let row = 9 * ci;
        TransformedWeights::new(size, [co, ci], |columns, rows, taps| {
            let weight = &weight[rows * row..];
            for (taps, weight) in taps.iter_mut().zip(weight.chunks_exact(row)) {
                let (weight, _) = weight[9 * columns..].as_chunks::<9>();
                for (column, weight) in weight.iter().take(PANEL).enumerate() {
                    for (taps, &value) in taps.iter_mut().rev().zip(weight) {
                        taps[column] = value;
                    }
                }
            }
        })
    }

    /// `gather(column, row, taps)` writes the taps of the columns and rows from these on, `[row, 9, PANEL]`.
    fn new(
        size: PatchSize,
        [depth, columns]: [usize; 2],
        gather: impl Fn(usize, usize, &mut [[Lanes<T>; 9]]) + Sync,
    ) -> Self {
        let products = size.products();
        let (matrix, panels) = (depth * PANEL, columns.div_ceil(PANEL));
        let work = products * depth * columns;
        let data = filled(panels * products * matrix, products * matrix, work, |panel, place| {
            let mut taps = [[[T::zero(); PANEL]; 9]; ROWS];
            for first in (0..depth).step_by(ROWS) {
                let taps = &mut taps[..ROWS.min(depth - first)];
                gather(panel * PANEL, first, taps);
                transform(size, taps, matrix, &mut place[first * PANEL..]);
            }
            // SAFETY: each row of each matrix of the panel was written.
            unsafe { place.assume_init_mut() }
        });
        TransformedWeights { size, data, depth, columns }
    }
}

fn transform<T: Real>(size: PatchSize, taps: &[[Lanes<T>; 9]], matrix: usize, place: &mut [MaybeUninit<T>]) {
    match size {
        PatchSize::Two => taps_two(taps, matrix, place),
        PatchSize::Four => taps_four(taps, matrix, place),
    }
}

impl<T> TransformedWeights<T> {
    /// Which patches they are for.
    pub(super) fn size(&self) -> PatchSize {
        self.size
    }

    /// Rows of each matrix.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Columns of each matrix.
    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// Panels of each matrix.
    pub(super) fn panels(&self) -> usize {
        self.columns.div_ceil(PANEL)
    }

    /// The rows from `row` on of a panel of the matrix of one product.
    pub(super) fn rows(&self, product: usize, panel: usize, row: usize) -> &[T] {
        let start = (panel * self.size.products() + product) * self.depth;
        &self.data[(start + row) * PANEL..(start + self.depth) * PANEL]
    }
}
