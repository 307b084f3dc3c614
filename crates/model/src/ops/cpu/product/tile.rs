//! The product that all others are made of: a few rows times one panel.

use super::{avx2, avx512, portable};
use crate::ops::cpu::level::Level;
use crate::ops::cpu::real::Real;

/// Columns of a panel.
pub(in crate::ops::cpu) const PANEL: usize = 32;

/// Depth of one product: its part of a panel stays in the first-level cache while many rows pass by.
pub(in crate::ops::cpu) const DEPTH: usize = 256;

/// `c[i][j] (+)= sum over k of a[i][k] * b[k][j]`, for `rows` rows and the first `columns` of [`PANEL`] columns, in
/// the order of `k`.
///
/// Distances are in elements. `c` is written in whole vectors: up to [`PANEL`] columns of it change, whatever `columns`.
#[derive(Clone, Copy, Debug)]
pub(in crate::ops::cpu) struct Tile<T> {
    pub(in crate::ops::cpu) rows: usize,
    pub(in crate::ops::cpu) columns: usize,
    pub(in crate::ops::cpu) depth: usize,
    pub(in crate::ops::cpu) a: *const T,
    /// From `a[i][k]` to `a[i + 1][k]`.
    pub(in crate::ops::cpu) a_row: usize,
    /// From `a[i][k]` to `a[i][k + 1]`.
    pub(in crate::ops::cpu) a_step: usize,
    /// `depth` rows of [`PANEL`] elements, one after the other.
    pub(in crate::ops::cpu) b: *const T,
    pub(in crate::ops::cpu) c: *mut T,
    /// From `c[i][j]` to `c[i + 1][j]`.
    pub(in crate::ops::cpu) c_row: usize,
    /// Whether `c` is added to; otherwise it is overwritten, and may be uninitialised.
    pub(in crate::ops::cpu) add: bool,
}

/// An element type with kernels for [`Tile`].
pub(in crate::ops::cpu) trait Multiply: Real {
    /// The most rows of a tile at this level.
    fn rows(level: Level) -> usize;

    /// Computes the tile.
    ///
    /// # Safety
    /// The processor has the instructions of `level`; `tile.rows` is from 1 to [`Multiply::rows`]; `a` and `b` can be
    /// read at every place that the tile names, `c` can be written in rows of [`PANEL`] elements (and read, to be added
    /// to), and no other thread uses that part of `c` meanwhile.
    unsafe fn run(level: Level, tile: &Tile<Self>);
}

impl Multiply for f32 {
    fn rows(level: Level) -> usize {
        match level {
            Level::Avx512 => avx512::ROWS,
            Level::Avx2 => avx2::ROWS,
            Level::Portable => portable::ROWS,
        }
    }

    unsafe fn run(level: Level, tile: &Tile<f32>) {
        match level {
            // SAFETY: the caller promises the instructions and the places in memory.
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => unsafe { avx512::run(tile) },
            // SAFETY: the caller promises the instructions and the places in memory.
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => unsafe { avx2::run(tile) },
            // SAFETY: the caller promises the places in memory.
            _ => unsafe { portable::run(tile) },
        }
    }
}

impl Multiply for f64 {
    fn rows(_: Level) -> usize {
        portable::ROWS
    }

    unsafe fn run(_: Level, tile: &Tile<f64>) {
        // SAFETY: the caller promises the places in memory.
        unsafe { portable::run(tile) }
    }
}

/// Cuts `count` rows into as few pieces of at most `largest` rows as possible, of nearly equal lengths: start and length of
/// each.
pub(in crate::ops::cpu) fn pieces(count: usize, largest: usize) -> impl Iterator<Item = (usize, usize)> {
    let pieces = count.div_ceil(largest);
    (0..pieces).map(move |i| {
        let (start, end) = (i * count / pieces, (i + 1) * count / pieces);
        (start, end - start)
    })
}
