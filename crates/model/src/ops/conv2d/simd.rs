//! Vectors of the two element types, one implementation for each instruction set.

use crate::ops::cpu::real::Real;

/// A vector register.
///
/// All methods are unsafe because the processor must have the instructions of the implementation, and pointers must be
/// valid for what is read or written.
pub(super) trait Simd: Copy {
    /// The number in a lane.
    type Elem: Real;
    /// Numbers in a register.
    const LANES: usize;

    /// Zeros.
    unsafe fn zero() -> Self;
    /// Reads `LANES` numbers, at any alignment.
    unsafe fn load(from: *const Self::Elem) -> Self;
    /// Writes `LANES` numbers, at any alignment.
    unsafe fn store(self, to: *mut Self::Elem);
    /// The same number in all lanes.
    unsafe fn splat(x: *const Self::Elem) -> Self;
    /// `self + other`.
    unsafe fn plus(self, other: Self) -> Self;
    /// `self + a * b`.
    unsafe fn plus_product(self, a: Self, b: Self) -> Self;

    /// Asks for a cache line that will be read soon; any address is allowed.
    #[inline(always)]
    unsafe fn prefetch(_: *const Self::Elem) {}

    /// Writes the numbers whose bits are in `places`: `from[i * step]` for the bits of `valid`, zero for the others.
    #[inline(always)]
    unsafe fn copy_run(from: *const Self::Elem, step: usize, valid: u16, to: *mut Self::Elem, places: u16) {
        for i in 0..(16 - places.leading_zeros() as usize) {
            // SAFETY: the caller vouches for the valid elements and for the places.
            unsafe {
                *to.add(i) = if valid >> i & 1 == 1 { *from.wrapping_add(i * step) } else { num_zero() };
            }
        }
    }

    /// `to[j * to_row + i] = from[i * from_row + j * step]` for `rows <= LANES` and any number of columns.
    #[inline(always)]
    unsafe fn transpose(
        from: *const Self::Elem,
        from_row: usize,
        step: usize,
        to: *mut Self::Elem,
        to_row: usize,
        rows: usize,
        columns: usize,
    ) {
        for j in 0..columns {
            for i in 0..rows {
                // SAFETY: promised by the caller.
                unsafe { *to.add(j * to_row + i) = *from.add(i * from_row + j * step) };
            }
            for i in rows..Self::LANES {
                // SAFETY: a row of the target holds whole vectors.
                unsafe { *to.add(j * to_row + i) = num_zero() };
            }
        }
    }
}

#[inline(always)]
fn num_zero<T: Real>() -> T {
    T::zero()
}

/// A vector that the compiler makes of whatever the target has.
#[derive(Clone, Copy)]
pub(super) struct Portable<T>([T; 4]);

impl<T: Real> Simd for Portable<T> {
    type Elem = T;
    const LANES: usize = 4;

    #[inline(always)]
    unsafe fn zero() -> Self {
        Self([T::zero(); 4])
    }
    #[inline(always)]
    unsafe fn load(from: *const T) -> Self {
        // SAFETY: promised by the caller; an array has its element's alignment.
        Self(unsafe { *from.cast() })
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut T) {
        // SAFETY: as above.
        unsafe { *to.cast() = self.0 };
    }
    #[inline(always)]
    unsafe fn splat(x: *const T) -> Self {
        // SAFETY: promised by the caller.
        Self([unsafe { *x }; 4])
    }
    #[inline(always)]
    unsafe fn plus(mut self, other: Self) -> Self {
        for i in 0..4 {
            self.0[i] += other.0[i];
        }
        self
    }
    #[inline(always)]
    unsafe fn plus_product(mut self, a: Self, b: Self) -> Self {
        for i in 0..4 {
            self.0[i] += a.0[i] * b.0[i];
        }
        self
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Simd;
    use std::arch::x86_64::*;

    impl Simd for __m256 {
        type Elem = f32;
        const LANES: usize = 8;

        #[inline(always)]
        unsafe fn zero() -> Self {
            // SAFETY: the caller has AVX2; so for all methods of this implementation.
            unsafe { _mm256_setzero_ps() }
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: as above.
            unsafe { _mm256_loadu_ps(from) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: as above.
            unsafe { _mm256_storeu_ps(to, self) }
        }
        #[inline(always)]
        unsafe fn splat(x: *const f32) -> Self {
            // SAFETY: as above.
            unsafe { _mm256_set1_ps(*x) }
        }
        #[inline(always)]
        unsafe fn plus(self, other: Self) -> Self {
            // SAFETY: as above.
            unsafe { _mm256_add_ps(self, other) }
        }
        #[inline(always)]
        unsafe fn plus_product(self, a: Self, b: Self) -> Self {
            // SAFETY: as above.
            unsafe { _mm256_fmadd_ps(a, b, self) }
        }
    }

    impl Simd for __m512 {
        type Elem = f32;
        const LANES: usize = 16;

        #[inline(always)]
        unsafe fn zero() -> Self {
            // SAFETY: the caller has AVX-512 F; so for all methods of this implementation.
            unsafe { _mm512_setzero_ps() }
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: as above.
            unsafe { _mm512_loadu_ps(from) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: as above.
            unsafe { _mm512_storeu_ps(to, self) }
        }
        #[inline(always)]
        unsafe fn splat(x: *const f32) -> Self {
            // SAFETY: as above.
            unsafe { _mm512_set1_ps(*x) }
        }
        #[inline(always)]
        unsafe fn plus(self, other: Self) -> Self {
            // SAFETY: as above.
            unsafe { _mm512_add_ps(self, other) }
        }
        #[inline(always)]
        unsafe fn plus_product(self, a: Self, b: Self) -> Self {
            // SAFETY: as above.
            unsafe { _mm512_fmadd_ps(a, b, self) }
        }

        #[inline(always)]
        unsafe fn prefetch(at: *const f32) {
            // SAFETY: a prefetch never faults.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(at.cast()) }
        }

        #[inline(always)]
        unsafe fn copy_run(from: *const f32, step: usize, valid: u16, to: *mut f32, places: u16) {
            // SAFETY: masked lanes are neither read nor written.
            unsafe {
                let run = if step == 1 {
                    _mm512_maskz_loadu_ps(valid, from)
                } else {
                    let index = _mm512_mullo_epi32(
                        _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                        _mm512_set1_epi32(step as i32),
                    );
                    _mm512_mask_i32gather_ps::<4>(_mm512_setzero_ps(), valid, index, from)
                };
                _mm512_mask_storeu_ps(to, places, run);
            }
        }

        #[inline(always)]
        unsafe fn transpose(
            from: *const f32,
            from_row: usize,
            step: usize,
            to: *mut f32,
            to_row: usize,
            rows: usize,
            columns: usize,
        ) {
            for start in (0..columns).step_by(16) {
                let count = (columns - start).min(16);
                let mask = ((1u32 << count) - 1) as u16;
                // SAFETY: only `rows` rows and `count` columns are read; whole vectors are written.
                unsafe {
                    let mut block = [_mm512_setzero_ps(); 16];
                    for (i, row) in block.iter_mut().enumerate().take(rows) {
                        let mut run = [0f32; 16];
                        let source = from.add(i * from_row + start * step);
                        Self::copy_run(source, step, mask, run.as_mut_ptr(), u16::MAX);
                        *row = _mm512_loadu_ps(run.as_ptr());
                    }
                    let turned = turn(block);
                    for (j, column) in turned.into_iter().enumerate().take(count) {
                        _mm512_storeu_ps(to.add((start + j) * to_row), column);
                    }
                }
            }
        }
    }

    /// The transpose of a 16x16 block: pairs, quadruples, then the four 128-bit lanes twice.
    #[inline(always)]
    unsafe fn turn(r: [__m512; 16]) -> [__m512; 16] {
        // SAFETY: the caller has AVX-512 F.
        unsafe {
            let mut quads = [_mm512_setzero_ps(); 16];
            for g in 0..4 {
                let (a, b, c, d) = (r[4 * g], r[4 * g + 1], r[4 * g + 2], r[4 * g + 3]);
                let (ab0, ab1) = (_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
                let (cd0, cd1) = (_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
                let join = |x: __m512, y: __m512, high: bool| {
                    let (x, y) = (_mm512_castps_pd(x), _mm512_castps_pd(y));
                    _mm512_castpd_ps(if high { _mm512_unpackhi_pd(x, y) } else { _mm512_unpacklo_pd(x, y) })
                };
                quads[4 * g] = join(ab0, cd0, false);
                quads[4 * g + 1] = join(ab0, cd0, true);
                quads[4 * g + 2] = join(ab1, cd1, false);
                quads[4 * g + 3] = join(ab1, cd1, true);
            }
            let mut out = [_mm512_setzero_ps(); 16];
            for i in 0..4 {
                let (a, b, c, d) = (quads[i], quads[4 + i], quads[8 + i], quads[12 + i]);
                let ab_even = _mm512_shuffle_f32x4::<0x88>(a, b);
                let ab_odd = _mm512_shuffle_f32x4::<0xdd>(a, b);
                let cd_even = _mm512_shuffle_f32x4::<0x88>(c, d);
                let cd_odd = _mm512_shuffle_f32x4::<0xdd>(c, d);
                out[i] = _mm512_shuffle_f32x4::<0x88>(ab_even, cd_even);
                out[4 + i] = _mm512_shuffle_f32x4::<0x88>(ab_odd, cd_odd);
                out[8 + i] = _mm512_shuffle_f32x4::<0xdd>(ab_even, cd_even);
                out[12 + i] = _mm512_shuffle_f32x4::<0xdd>(ab_odd, cd_odd);
            }
            out
        }
    }
}
