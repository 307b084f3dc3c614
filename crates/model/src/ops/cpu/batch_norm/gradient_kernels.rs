//! The loops of the backward pass over rows of pixels. Slices of parameters hold one for each element of a row.

use super::coefficients::Coefficients;
use crate::ops::cpu::level::vectorised;
use crate::ops::cpu::memory::{write_each, write_rows};
use crate::ops::cpu::real::Real;
use std::mem::MaybeUninit;

/// Where the gradient before the rectifier, `d`, comes from.
#[derive(Clone, Copy)]
pub(super) enum Gradient<'a, T> {
    /// It is given: there is no rectifier, or it was masked before.
    Given(&'a [T]),
    /// It is the result's gradient where the rectifier's argument, computed again, is positive (or NaN).
    FromInput(&'a [T]),
    /// It is the result's gradient `dy` where the result `y` is positive (or NaN).
    FromResult { y: &'a [T], dy: &'a [T] },
}

impl<'a, T> Gradient<'a, T> {
    /// Those of the elements `at..at + len`.
    #[inline(always)]
    pub(super) fn part(self, at: usize, len: usize) -> Gradient<'a, T> {
        match self {
            Gradient::Given(d) => Gradient::Given(&d[at..][..len]),
            Gradient::FromInput(dy) => Gradient::FromInput(&dy[at..][..len]),
            Gradient::FromResult { y, dy } => {
                Gradient::FromResult { y: &y[at..][..len], dy: &dy[at..][..len] }
            }
        }
    }
}

/// `dy`, or 0 where `v` is not positive, though `dy` be NaN, as in PyTorch. A `v` that is NaN lets `dy` pass.
///
/// Choosing between `dy` and 0 alone would make the compiler load `dy` under a mask, and such loads from memory take twice
/// as long on some processors. So limits, which NaN passes, come first, and the choice is between registers.
#[inline(always)]
fn masked<T: Real>(v: T, dy: T) -> T {
    let masked = v <= T::zero();
    let (low, high) = if masked { (T::zero(), T::zero()) } else { (T::LOWEST, -T::LOWEST) };
    let d = if low > dy { low } else { dy };
    let d = if high < d { high } else { d };
    if masked { T::zero() } else { d }
}

/// The gradient before the rectifier of one row `x`, in `row` where it is not given. Loops that read fewer arrays at once
/// are vectorised more surely.
#[inline(always)]
fn resolved<'a, T: Real>(
    gradient: Gradient<'a, T>,
    x: &[T],
    of: &Coefficients<T>,
    row: &'a mut [T],
) -> &'a [T] {
    let len = x.len();
    match gradient {
        Gradient::Given(d) => d,
        Gradient::FromInput(dy) => {
            let (d, dy, scale, shift) = (&mut row[..len], &dy[..len], &of.scale[..len], &of.shift[..len]);
            for i in 0..len {
                d[i] = masked(x[i] * scale[i] + shift[i], dy[i]);
            }
            d
        }
        Gradient::FromResult { y, dy } => {
            let (d, y, dy) = (&mut row[..len], &y[..len], &dy[..len]);
            for i in 0..len {
                d[i] = masked(y[i], dy[i]);
            }
            d
        }
    }
}

vectorised! {
    /// Adds `d` and `d * (x - mean)`. `buffer` is a row of any numbers.
    pub(super) fn sums<T>(
        x: &[T],
        gradient: Gradient<'_, T>,
        of: &Coefficients<T>,
        buffer: &mut [T],
        sum: &mut [T],
        product: &mut [T],
    ) {
        let width = of.mean.len();
        for (row, x) in x.chunks(width).enumerate() {
            let len = x.len();
            let d = resolved(gradient.part(row * width, len), x, of, buffer);
            let (d, mean, sum, product) = (&d[..len], &of.mean[..len], &mut sum[..len], &mut product[..len]);
            for i in 0..len {
                sum[i] += d[i];
                product[i] += d[i] * (x[i] - mean[i]);
            }
        }
    }
}

vectorised! {
    /// `d`, from the result `y` and its gradient.
    pub(super) fn mask<'a, T>(y: &[T], dy: &[T], d: &'a mut [MaybeUninit<T>]) -> &'a mut [T] {
        let (y, dy) = (&y[..d.len()], &dy[..d.len()]);
        write_each!(d, i => masked(y[i], dy[i]))
    }
}

vectorised! {
    /// `dx = d * scale - (x - mean) * along - offset`. `buffer` is a row of any numbers.
    pub(super) fn gradient<'a, T>(
        x: &[T],
        gradient: Gradient<'_, T>,
        of: &Coefficients<T>,
        buffer: &mut [T],
        dx: &'a mut [MaybeUninit<T>],
    ) -> &'a mut [T] {
        let width = of.mean.len();
        write_rows!(dx, width, (row, dx) => {
            let (at, len) = (row * width, dx.len());
            let x = &x[at..][..len];
            let d = &resolved(gradient.part(at, len), x, of, buffer)[..len];
            let (mean, scale) = (&of.mean[..len], &of.scale[..len]);
            let (along, offset) = (&of.along[..len], &of.offset[..len]);
            write_each!(dx, i => d[i] * scale[i] - (x[i] - mean[i]) * along[i] - offset[i])
        })
    }
}
