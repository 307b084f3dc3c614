//! Rectangles of pixels that a task works on.

use super::correlation::Correlation;
use crate::ops::cpu::product::pieces;
use std::ops::Range;

/// Pixels of a block: their sums, and the part of the source that they read, stay in the second-level cache.
pub(super) const BLOCK: usize = 112;

/// Pixels of a block whose weights do not stay there too: the more pixels, the seldomer the weights are read from further
/// away.
const LARGE: usize = 336;

/// Bytes of weights that stay in the second-level cache beside a block.
const NEAR: usize = 512 * 1024;

/// Pixels of a block of a convolution with so many bytes of weights.
pub(super) fn pixels_for(weights: usize) -> usize {
    if weights > NEAR { LARGE } else { BLOCK }
}

/// A rectangle of the grid of one image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) image: usize,
    pub(super) rows: Range<usize>,
    pub(super) columns: Range<usize>,
}

/// Rectangles of at most `largest` pixels that cover the grid of every image.
pub(super) fn blocks(c: &Correlation, largest: usize) -> Vec<Block> {
    let [height, width] = c.grid;
    if height * width == 0 {
        return Vec::new();
    }
    let mut blocks = Vec::new();
    for image in 0..c.images {
        for (row, rows) in pieces(height, (largest / width.min(largest)).max(1)) {
            for (column, columns) in pieces(width, if rows == 1 { largest } else { width }) {
                blocks.push(Block { image, rows: row..row + rows, columns: column..column + columns });
            }
        }
    }
    blocks
}

impl Block {
    pub(super) fn pixels(&self) -> usize {
        self.rows.len() * self.columns.len()
    }
}
