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

/// `dy`, or 0 where `v` is not positive.
#[inline(always)]
fn masked<T: Real>(v: T, dy: T) -> T {
    if v <= T::zero() { T::zero() } else { dy }
}

/// Adds `d` and `d * (x - mean)` of each element `i` of a row.
macro_rules! add {
    ($x:ident, $mean:expr, $sum:expr, $product:expr, $i:ident => $d:expr) => {{
        let len = $x.len();
        let (mean, sum, product) = (&$mean[..len], &mut $sum[..len], &mut $product[..len]);
        for $i in 0..len {
            let d = $d;
            sum[$i] += d;
            product[$i] += d * ($x[$i] - mean[$i]);
        }
    }};
}

vectorised! {
    /// Adds `d` and `d * (x - mean)`.
    pub(super) fn sums<T>(
        x: &[T],
        gradient: Gradient<'_, T>,
        of: &Coefficients<T>,
        sum: &mut [T],
        product: &mut [T],
    ) {
        let width = of.mean.len();
        for (row, x) in x.chunks(width).enumerate() {
            let len = x.len();
            let (scale, shift) = (&of.scale[..len], &of.shift[..len]);
            match gradient.part(row * width, len) {
                Gradient::Given(d) => add!(x, of.mean, sum, product, i => d[i]),
                Gradient::FromInput(dy) => {
                    add!(x, of.mean, sum, product, i => masked(x[i] * scale[i] + shift[i], dy[i]));
                }
                Gradient::FromResult { y, dy } => {
                    add!(x, of.mean, sum, product, i => masked(y[i], dy[i]));
                }
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

/// Writes `d * scale - (x - mean) * along - offset` to each element `i` of a row.
macro_rules! write {
    ($x:ident, $of:ident, $dx:ident, $i:ident => $d:expr) => {{
        let len = $dx.len();
        let (mean, scale) = (&$of.mean[..len], &$of.scale[..len]);
        let (along, offset) = (&$of.along[..len], &$of.offset[..len]);
        write_each!($dx, $i => $d * scale[$i] - ($x[$i] - mean[$i]) * along[$i] - offset[$i])
    }};
}

vectorised! {
    /// `dx = d * scale - (x - mean) * along - offset`.
    pub(super) fn gradient<'a, T>(
        x: &[T],
        gradient: Gradient<'_, T>,
        of: &Coefficients<T>,
        dx: &'a mut [MaybeUninit<T>],
    ) -> &'a mut [T] {
        let width = of.mean.len();
        write_rows!(dx, width, (row, dx) => {
            let (at, len) = (row * width, dx.len());
            let x = &x[at..][..len];
            let (scale, shift) = (&of.scale[..len], &of.shift[..len]);
            match gradient.part(at, len) {
                Gradient::Given(d) => write!(x, of, dx, i => d[i]),
                Gradient::FromInput(dy) => {
                    write!(x, of, dx, i => masked(x[i] * scale[i] + shift[i], dy[i]))
                }
                Gradient::FromResult { y, dy } => write!(x, of, dx, i => masked(y[i], dy[i])),
            }
        })
    }
}
