//! The rectifier's loops.

use super::level::vectorised;
use super::memory::write_each;
use std::mem::MaybeUninit;

vectorised! {
    /// `max(x, 0)`.
    pub(super) fn values<'a, T>(x: &[T], y: &'a mut [MaybeUninit<T>]) -> &'a mut [T] {
        let x = &x[..y.len()];
        // Written so that NaN, which compares false, is kept.
        write_each!(y, i => if x[i] < T::zero() { T::zero() } else { x[i] })
    }
}

vectorised! {
    /// `dy` where `x` is positive.
    pub(super) fn slopes<'a, T>(x: &[T], dy: &[T], dx: &'a mut [MaybeUninit<T>]) -> &'a mut [T] {
        let (x, dy) = (&x[..dx.len()], &dy[..dx.len()]);
        // PyTorch masks by `result <= 0`, which lets the gradient of NaN pass.
        write_each!(dx, i => if x[i] <= T::zero() { T::zero() } else { dy[i] })
    }
}
