//! `log(sigmoid(x))` without overflow.

use super::cpu::level::vectorised;
use super::cpu::real::Real;
use super::pointwise::{self, Pointwise};
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
    let e = (-x.abs()).exp_of_negative();
    let complement = if x > T::zero() { e / (T::one() + e) } else { T::one() / (T::one() + e) };
    (low - e.ln_1p_of_unit(), complement)
}

#[derive(Clone, Copy)]
struct LogSigmoid;

impl Pointwise for LogSigmoid {
    const NAME: &'static str = "log_sigmoid";
    const COST: usize = 16;

    fn values<T: Real>(x: &[T], y: &mut [T]) {
        values(x, y);
    }

    fn slopes<T: Real>(x: &[T], dy: &[T], dx: &mut [T]) {
        slopes(x, dy, dx);
    }
}

vectorised! {
    fn values<T>(x: &[T], y: &mut [T]) {
        for (y, &x) in y.iter_mut().zip(x) {
            *y = value_and_complement(x).0;
        }
    }
}

vectorised! {
    fn slopes<T>(x: &[T], dy: &[T], dx: &mut [T]) {
        for ((dx, &x), &dy) in dx.iter_mut().zip(x).zip(dy) {
            *dx = dy * value_and_complement(x).1;
        }
    }
}
