//! The product in plain Rust, for every processor and element type.

use super::tile::{PANEL, Tile};
use crate::ops::cpu::real::Real;

/// The most rows of a tile.
pub(super) const ROWS: usize = 4;
const LANES: usize = 8;

/// # Safety
/// As [`super::Multiply::run`]; it needs no special instructions.
pub(super) unsafe fn run<T: Real>(tile: &Tile<T>) {
    debug_assert!((1..=ROWS).contains(&tile.rows));
    for column in (0..tile.columns.min(PANEL)).step_by(LANES) {
        for i in 0..tile.rows {
            // SAFETY: a panel is a multiple of 8 columns, so there are 8 of them from this one on; the caller promises
            // that `a`, `b` and `c` can be used there.
            unsafe { row(tile, i, column) };
        }
    }
}

/// One row times 8 columns.
///
/// # Safety
/// As [`run`], for this row and the 8 columns from this one on.
unsafe fn row<T: Real>(tile: &Tile<T>, i: usize, column: usize) {
    let mut sums = [T::zero(); LANES];
    for k in 0..tile.depth {
        // SAFETY: `k` is below the depth, `i` below the number of rows, and the panel has 8 columns from this one on.
        let (factor, b) = unsafe {
            (
                *tile.a.add(i * tile.a_row + k * tile.a_step),
                tile.b.add(k * PANEL + column).cast::<[T; LANES]>(),
            )
        };
        // SAFETY: these are 8 elements of a row of the panel.
        let b = unsafe { *b };
        for (sum, b) in sums.iter_mut().zip(b) {
            *sum += factor * b;
        }
    }
    // SAFETY: the caller promises a whole panel's row at `c`, which is initialised if it is added to.
    unsafe {
        let c = tile.c.add(i * tile.c_row + column);
        for (j, sum) in sums.into_iter().enumerate() {
            c.add(j).write(if tile.add { c.add(j).read() + sum } else { sum });
        }
    }
}
