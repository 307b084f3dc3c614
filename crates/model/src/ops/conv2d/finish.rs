//! What is done with a finished sum before it leaves the cache.

use crate::ops::cpu::level::vectorised;
use crate::ops::cpu::real::Real;

/// `relu(scale[m] * sum + shift[m] + residual)` for result channel `m`; the rectifier and the residual where asked.
#[derive(Clone, Copy)]
pub(super) struct Finish<'a, T> {
    pub(super) scale: &'a [T],
    pub(super) shift: &'a [T],
    /// As large as the result.
    pub(super) residual: Option<&'a [T]>,
    pub(super) relu: bool,
}

impl<T: Real> Finish<'_, T> {
    /// Finishes neighbouring sums of channel `m`, of which the first is element `at` of the result.
    pub(super) fn apply(&self, m: usize, at: usize, sums: &mut [T]) {
        let (scale, shift) = (self.scale[m], self.shift[m]);
        match self.residual {
            None => affine(sums, scale, shift, self.relu),
            Some(residual) => affine_add(sums, &residual[at..][..sums.len()], scale, shift, self.relu),
        }
    }
}

vectorised! {
    /// `v = v * scale + shift`, rectified if asked.
    fn affine<T>(values: &mut [T], scale: T, shift: T, relu: bool) {
        if relu {
            for v in values {
                let y = *v * scale + shift;
                *v = if y < T::zero() { T::zero() } else { y };
            }
        } else {
            for v in values {
                *v = *v * scale + shift;
            }
        }
    }
}

vectorised! {
    /// `v = v * scale + shift + residual`, rectified if asked.
    fn affine_add<T>(values: &mut [T], residual: &[T], scale: T, shift: T, relu: bool) {
        if relu {
            for (v, &r) in values.iter_mut().zip(residual) {
                let y = *v * scale + shift + r;
                *v = if y < T::zero() { T::zero() } else { y };
            }
        } else {
            for (v, &r) in values.iter_mut().zip(residual) {
                *v = *v * scale + shift + r;
            }
        }
    }
}
