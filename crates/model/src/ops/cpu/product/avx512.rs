//! The product in AVX-512: 14 rows times two vectors of 16 columns use 28 of the 32 registers as sums.
#![cfg(target_arch = "x86_64")]

use super::tile::Tile;
use std::arch::x86_64::{
    __m512, _mm512_add_ps, _mm512_fmadd_ps, _mm512_loadu_ps, _mm512_set1_ps, _mm512_setzero_ps,
    _mm512_storeu_ps,
};

/// The most rows of a tile.
pub(super) const ROWS: usize = 14;
const LANES: usize = 16;

type Kernel = unsafe fn(&Tile<f32>);

/// # Safety
/// As [`super::Multiply::run`], with AVX-512 F.
pub(super) unsafe fn run(tile: &Tile<f32>) {
    const ONE: [Kernel; ROWS] = kernels::<1>();
    const TWO: [Kernel; ROWS] = kernels::<2>();
    debug_assert!((1..=ROWS).contains(&tile.rows));
    let kernel = if tile.columns > LANES { TWO[tile.rows - 1] } else { ONE[tile.rows - 1] };
    // SAFETY: the kernel for this number of rows; the caller promises the rest.
    unsafe { kernel(tile) }
}

const fn kernels<const V: usize>() -> [Kernel; ROWS] {
    [
        kernel::<1, V>,
        kernel::<2, V>,
        kernel::<3, V>,
        kernel::<4, V>,
        kernel::<5, V>,
        kernel::<6, V>,
        kernel::<7, V>,
        kernel::<8, V>,
        kernel::<9, V>,
        kernel::<10, V>,
        kernel::<11, V>,
        kernel::<12, V>,
        kernel::<13, V>,
        kernel::<14, V>,
    ]
}

/// `R` rows times `V` vectors.
///
/// # Safety
/// As [`super::Multiply::run`], with AVX-512 F and `tile.rows == R`.
#[target_feature(enable = "avx512f")]
unsafe fn kernel<const R: usize, const V: usize>(tile: &Tile<f32>) {
    let mut sums = [[_mm512_setzero_ps(); V]; R];
    let (mut a, mut b) = (tile.a, tile.b);
    for _ in 0..tile.depth {
        let mut row = [_mm512_setzero_ps(); V];
        for (j, row) in row.iter_mut().enumerate() {
            // SAFETY: the caller promises `depth` rows of a whole panel at `b`.
            *row = unsafe { _mm512_loadu_ps(b.add(j * LANES)) };
        }
        for (i, sums) in sums.iter_mut().enumerate() {
            // SAFETY: the caller promises that `a` can be read in this row and step.
            let factor = _mm512_set1_ps(unsafe { *a.add(i * tile.a_row) });
            for (sum, row) in sums.iter_mut().zip(row) {
                *sum = _mm512_fmadd_ps(factor, row, *sum);
            }
        }
        // Past the last step these are not read.
        (a, b) = (a.wrapping_add(tile.a_step), b.wrapping_add(super::PANEL));
    }
    for (i, sums) in sums.into_iter().enumerate() {
        for (j, sum) in sums.into_iter().enumerate() {
            // SAFETY: the caller promises rows of a whole panel at `c`.
            unsafe { store(tile.c.add(i * tile.c_row + j * LANES), sum, tile.add) };
        }
    }
}

/// # Safety
/// 16 elements at `c` can be written, and read if they are added to.
#[target_feature(enable = "avx512f")]
unsafe fn store(c: *mut f32, sum: __m512, add: bool) {
    // SAFETY: the caller promises 16 elements.
    unsafe {
        let value = if add { _mm512_add_ps(_mm512_loadu_ps(c), sum) } else { sum };
        _mm512_storeu_ps(c, value);
    }
}
