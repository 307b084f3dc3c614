//! The inner loops of all convolutions, compiled for each instruction set.
//!
//! A call sums in registers from zero and adds its sum to memory at the end. Long sums are thereby taken in blocks, which
//! keeps their rounding error far below that of one long chain.

// Loops over the rows and vectors of a tile index several arrays, and unroll best when written plainly.
#![allow(clippy::needless_range_loop)]

use super::simd::{Portable, Simd};
use crate::ops::cpu::level::Level;
use crate::ops::cpu::real::Real;

/// Vectors that a tile is wide, at most.
pub(super) const VECTORS: usize = 3;

/// A tile of a matrix product: `c[i][j] (+)= sum_k a[i * a_row + offsets[k]] * b[k * b_row + j]`.
pub(super) struct Product<T> {
    pub(super) a: *const T,
    pub(super) a_row: usize,
    /// Where column `k` of `a` starts.
    pub(super) offsets: *const usize,
    pub(super) k: usize,
    pub(super) b: *const T,
    pub(super) b_row: usize,
    pub(super) c: *mut T,
    pub(super) c_row: usize,
    /// Whether `c` holds a sum already.
    pub(super) add: bool,
}

/// A tile of a weight gradient, summed over a rectangle of pixels:
/// `c[i][j] += sum_(y, x) a[i * a_channel + y * a_row + x * a_step] * b[(y * b_row + x) * b_pixel + j]`.
pub(super) struct Correlation<T> {
    pub(super) a: *const T,
    pub(super) a_channel: usize,
    pub(super) a_row: usize,
    pub(super) a_step: usize,
    pub(super) b: *const T,
    pub(super) b_row: usize,
    pub(super) b_pixel: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) c: *mut T,
    pub(super) c_row: usize,
}

/// By rows - 1 and vectors - 1: the function for a tile of that size.
type BySize<P> = &'static [[unsafe fn(&P); VECTORS]];

/// The loops for one element type and instruction set.
pub(super) struct Kernels<T: 'static> {
    /// Numbers in a vector.
    pub(super) lanes: usize,
    /// Rows of a tile, at most.
    pub(super) rows: usize,
    pub(super) product: BySize<Product<T>>,
    pub(super) correlation: BySize<Correlation<T>>,
    /// [`Simd::copy_run`] for a list of runs; the last number is the distance to what will be read next, or 0.
    pub(super) copy_runs: unsafe fn(&[Run], *const T, usize, *mut T, usize),
    /// [`Simd::transpose`].
    pub(super) transpose: unsafe fn(*const T, usize, usize, *mut T, usize, usize, usize),
}

/// A short row of pixels on its way into a tile.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// First source element; may lie outside where it is not valid.
    pub(super) from: isize,
    pub(super) to: u32,
    /// A bit for every number that is written.
    pub(super) places: u16,
    /// A bit for every number that lies inside the picture; the others are zeros.
    pub(super) valid: u16,
}

/// A mask of the bits in a range that ends at 16 or before.
pub(super) fn bits(range: std::ops::Range<usize>) -> u16 {
    (((1u32 << range.end) - 1) & !((1u32 << range.start) - 1)) as u16
}

#[inline(always)]
unsafe fn product<V: Simd, const R: usize, const N: usize>(p: &Product<V::Elem>) {
    // SAFETY: the caller vouches for all pointers and for the instruction set.
    unsafe {
        let mut sum = [[V::zero(); N]; R];
        let mut b = p.b;
        if p.add {
            // The sums so far are asked for now and needed only at the end.
            for i in 0..R {
                for j in 0..N {
                    V::prefetch(p.c.add(i * p.c_row + j * V::LANES));
                }
            }
        }
        for k in 0..p.k {
            let a = p.a.add(*p.offsets.add(k));
            let mut column = [V::zero(); N];
            for j in 0..N {
                column[j] = V::load(b.add(j * V::LANES));
            }
            for i in 0..R {
                let factor = V::splat(a.add(i * p.a_row));
                for j in 0..N {
                    sum[i][j] = sum[i][j].plus_product(factor, column[j]);
                }
            }
            b = b.add(p.b_row);
        }
        for i in 0..R {
            for j in 0..N {
                let c = p.c.add(i * p.c_row + j * V::LANES);
                let sum = sum[i][j];
                if p.add { V::load(c).plus(sum) } else { sum }.store(c);
            }
        }
    }
}

#[inline(always)]
unsafe fn correlation<V: Simd, const R: usize, const N: usize>(p: &Correlation<V::Elem>) {
    // SAFETY: the caller vouches for all pointers and for the instruction set.
    unsafe {
        let mut sum = [[V::zero(); N]; R];
        for y in 0..p.rows {
            let mut a = p.a.add(y * p.a_row);
            let mut b = p.b.add(y * p.b_row * p.b_pixel);
            for _ in 0..p.columns {
                let mut column = [V::zero(); N];
                for j in 0..N {
                    column[j] = V::load(b.add(j * V::LANES));
                }
                for i in 0..R {
                    let factor = V::splat(a.add(i * p.a_channel));
                    for j in 0..N {
                        sum[i][j] = sum[i][j].plus_product(factor, column[j]);
                    }
                }
                a = a.add(p.a_step);
                b = b.add(p.b_pixel);
            }
        }
        for i in 0..R {
            for j in 0..N {
                let c = p.c.add(i * p.c_row + j * V::LANES);
                V::load(c).plus(sum[i][j]).store(c);
            }
        }
    }
}

#[inline(always)]
unsafe fn copy_runs<V: Simd>(
    runs: &[Run],
    from: *const V::Elem,
    step: usize,
    to: *mut V::Elem,
    ahead: usize,
) {
    for run in runs {
        // SAFETY: the caller vouches for the runs.
        unsafe {
            let source = from.wrapping_offset(run.from);
            if ahead > 0 {
                V::prefetch(source.wrapping_add(ahead));
            }
            V::copy_run(source, step, run.valid, to.add(run.to as usize), run.places);
        }
    }
}

/// Defines a table of kernels for a vector type under some target features.
macro_rules! table {
    ($table:ident<$($generic:ident)?>, $vector:ty, $elem:ty, $feature:meta, rows: $($rows:literal)*) => {
        impl<$($generic: Real)?> $table<$($generic)?> {
            #[$feature]
            unsafe fn product<const R: usize, const N: usize>(p: &Product<$elem>) {
                // SAFETY: forwarded.
                unsafe { product::<$vector, R, N>(p) }
            }
            #[$feature]
            unsafe fn correlation<const R: usize, const N: usize>(p: &Correlation<$elem>) {
                // SAFETY: forwarded.
                unsafe { correlation::<$vector, R, N>(p) }
            }
            #[$feature]
            unsafe fn copy_runs(runs: &[Run], from: *const $elem, step: usize, to: *mut $elem, ahead: usize) {
                // SAFETY: forwarded.
                unsafe { copy_runs::<$vector>(runs, from, step, to, ahead) }
            }
            #[$feature]
            unsafe fn transpose(
                from: *const $elem, from_row: usize, step: usize,
                to: *mut $elem, to_row: usize, rows: usize, columns: usize,
            ) {
                // SAFETY: forwarded.
                unsafe { <$vector>::transpose(from, from_row, step, to, to_row, rows, columns) }
            }

            const KERNELS: Kernels<$elem> = Kernels {
                lanes: <$vector as Simd>::LANES,
                rows: [$($rows),*].len(),
                product: &[$([Self::product::<$rows, 1>, Self::product::<$rows, 2>, Self::product::<$rows, 3>]),*],
                correlation: &[$([
                    Self::correlation::<$rows, 1>, Self::correlation::<$rows, 2>, Self::correlation::<$rows, 3>,
                ]),*],
                copy_runs: Self::copy_runs,
                transpose: Self::transpose,
            };
        }
    };
}

struct PortableTable<T>(std::marker::PhantomData<T>);
table!(PortableTable<T>, Portable<T>, T, inline, rows: 1 2 3 4);

#[cfg(target_arch = "x86_64")]
struct Avx2Table;
#[cfg(target_arch = "x86_64")]
table!(Avx2Table<>, std::arch::x86_64::__m256, f32, target_feature(enable = "avx2,fma"), rows: 1 2 3 4);

#[cfg(target_arch = "x86_64")]
struct Avx512Table;
#[cfg(target_arch = "x86_64")]
table!(
    Avx512Table<>, std::arch::x86_64::__m512, f32,
    target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"), rows: 1 2 3 4 5 6 7 8
);

/// An element type with its kernels.
pub(super) trait Element: Real {
    /// The kernels for a level that this processor has.
    fn kernels(level: Level) -> &'static Kernels<Self>;
}

impl Element for f32 {
    fn kernels(level: Level) -> &'static Kernels<f32> {
        match level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => &const { Avx512Table::KERNELS },
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => &const { Avx2Table::KERNELS },
            _ => &const { PortableTable::<f32>::KERNELS },
        }
    }
}

impl Element for f64 {
    fn kernels(_: Level) -> &'static Kernels<f64> {
        &const { PortableTable::<f64>::KERNELS }
    }
}
