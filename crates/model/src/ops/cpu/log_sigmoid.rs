//! The loops of `log(sigmoid(x))`.

use super::level::vectorised;
use super::memory::write_each;
use super::real::Real;
use std::mem::MaybeUninit;

/// `log(sigmoid(x))` and its derivative `sigmoid(-x)`, from one exponential of a number that is not positive.
#[inline(always)]
pub(in crate::ops) fn value_and_complement<T: Real>(x: T) -> (T, T) {
    let low = if x > T::zero() { T::zero() } else { x };
    let e = (-x.abs()).exp_of_negative();
    let complement = if x > T::zero() { e / (T::one() + e) } else { T::one() / (T::one() + e) };
    (low - e.ln_1p_of_unit(), complement)
}

vectorised! {
    /// `log(sigmoid(x))`.
    pub(super) fn values<'a, T>(x: &[T], y: &'a mut [MaybeUninit<T>]) -> &'a mut [T] {
        let x = &x[..y.len()];
        write_each!(y, i => value_and_complement(x[i]).0)
    }
}

vectorised! {
    /// `dy * sigmoid(-x)`.
    pub(super) fn slopes<'a, T>(x: &[T], dy: &[T], dx: &'a mut [MaybeUninit<T>]) -> &'a mut [T] {
        let (x, dy) = (&x[..dx.len()], &dy[..dx.len()]);
        write_each!(dx, i => dy[i] * value_and_complement(x[i]).1)
    }
}
