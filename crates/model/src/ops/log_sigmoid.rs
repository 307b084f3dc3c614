//! `log(sigmoid(x))` without overflow.

use super::pointwise::{self, Pointwise};
use super::real::Real;
use candle_core::{Result, Tensor};

/// `log(sigmoid(x)) = min(x, 0) - log(1 + exp(-|x|))` of any shape, finite for every finite `x`.
///
/// # Errors
/// When `x` is neither f32 nor f64.
pub fn log_sigmoid(x: &Tensor) -> Result<Tensor> {
    pointwise::apply::<LogSigmoid>(x)
}

/// `log(sigmoid(x))` and its derivative `sigmoid(-x)`, from one exponential of a number that is not positive.
#[inline(always)]
pub(super) fn value_and_complement<T: Real>(x: T) -> (T, T) {
    let low = if x > T::zero() { T::zero() } else { x };
    let e = (-x.abs()).exp();
    let complement = if x > T::zero() { e / (T::one() + e) } else { T::one() / (T::one() + e) };
    (low - e.ln_1p(), complement)
}

#[derive(Clone, Copy)]
struct LogSigmoid;

impl Pointwise for LogSigmoid {
    const NAME: &'static str = "log_sigmoid";
    const COST: usize = 80;

    fn values<T: Real>(x: &[T], y: &mut [T]) {
        for (y, &x) in y.iter_mut().zip(x) {
            *y = value_and_complement(x).0;
        }
    }

    fn slopes<T: Real>(x: &[T], dy: &[T], dx: &mut [T]) {
        for ((dx, &x), &dy) in dx.iter_mut().zip(x).zip(dy) {
            *dx = dy * value_and_complement(x).1;
        }
    }
}
