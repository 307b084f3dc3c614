//! The kernels of each element type and level.

use super::tile::Tile;
use super::{avx2, avx512, portable};
use crate::ops::cpu::level::Level;
use crate::ops::cpu::real::Real;

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
