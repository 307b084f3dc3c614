//! The product in AVX2 with fused multiply-add: 6 rows times two vectors of 8 columns use 12 of the 16 registers as sums.
#![cfg(target_arch = "x86_64")]

use super::tile::{PANEL, Tile};
use std::arch::x86_64::{
    __m256, _mm256_add_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_set1_ps, _mm256_setzero_ps,
    _mm256_storeu_ps,
};

/// The most rows of a tile.
pub(super) const ROWS: usize = 6;
const LANES: usize = 8;
const VECTORS: usize = 2;

type Kernel = unsafe fn(&Tile<f32>);

/// # Safety
/// As [`super::Multiply::run`], with AVX2 and FMA.
pub(super) unsafe fn run(tile: &Tile<f32>) {
    const KERNELS: [Kernel; ROWS] =
        [kernel::<1>, kernel::<2>, kernel::<3>, kernel::<4>, kernel::<5>, kernel::<6>];
    debug_assert!((1..=ROWS).contains(&tile.rows));
    for column in (0..tile.columns.min(PANEL)).step_by(LANES * VECTORS) {
        // SAFETY: a panel is a multiple of 16 columns, so both places have this column where they have the first.
        let part = unsafe { Tile { b: tile.b.add(column), c: tile.c.add(column), ..*tile } };
        // SAFETY: the kernel for this number of rows; the caller promises the rest.
        unsafe { KERNELS[tile.rows - 1](&part) }
    }
}

/// `R` rows times two vectors.
///
/// # Safety
/// As [`super::Multiply::run`], with AVX2, FMA and `tile.rows == R`, for 16 columns.
#[target_feature(enable = "avx2,fma")]
unsafe fn kernel<const R: usize>(tile: &Tile<f32>) {
    let mut sums = [[_mm256_setzero_ps(); VECTORS]; R];
    let (mut a, mut b) = (tile.a, tile.b);
    for _ in 0..tile.depth {
        let mut row = [_mm256_setzero_ps(); VECTORS];
        for (j, row) in row.iter_mut().enumerate() {
            // SAFETY: the caller promises `depth` rows of 16 columns at `b`.
            *row = unsafe { _mm256_loadu_ps(b.add(j * LANES)) };
        }
        for (i, sums) in sums.iter_mut().enumerate() {
            // SAFETY: the caller promises that `a` can be read in this row and step.
            let factor = _mm256_set1_ps(unsafe { *a.add(i * tile.a_row) });
            for (sum, row) in sums.iter_mut().zip(row) {
                *sum = _mm256_fmadd_ps(factor, row, *sum);
            }
        }
        // Past the last step these are not read.
        (a, b) = (a.wrapping_add(tile.a_step), b.wrapping_add(PANEL));
    }
    for (i, sums) in sums.into_iter().enumerate() {
        for (j, sum) in sums.into_iter().enumerate() {
            // SAFETY: the caller promises rows of 16 columns at `c`.
            unsafe { store(tile.c.add(i * tile.c_row + j * LANES), sum, tile.add) };
        }
    }
}

/// # Safety
/// 8 elements at `c` can be written, and read if they are added to.
#[target_feature(enable = "avx2")]
unsafe fn store(c: *mut f32, sum: __m256, add: bool) {
    // SAFETY: the caller promises 8 elements.
    unsafe {
        let value = if add { _mm256_add_ps(_mm256_loadu_ps(c), sum) } else { sum };
        _mm256_storeu_ps(c, value);
    }
}
