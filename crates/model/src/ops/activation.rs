//! The rectifier, alone and as a setting of fused operators.

use super::cpu::level::vectorised;
use super::cpu::real::Real;
use super::pointwise::{self, Pointwise};
use candle_core::{Result, Tensor};

/// What a fused operator applies to its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// Nothing.
    None,
    /// `max(x, 0)`, with derivative 0 at 0 as in PyTorch.
    Relu,
}

/// `max(x, 0)` of any shape; the derivative at 0 is 0 as in PyTorch (candle's own says 1). NaN stays NaN.
///
/// # Errors
/// When `x` is neither f32 nor f64.
pub fn relu(x: &Tensor) -> Result<Tensor> {
    pointwise::apply::<Relu>(x)
}

#[derive(Clone, Copy)]
struct Relu;

impl Pointwise for Relu {
    const NAME: &'static str = "relu";
    const COST: usize = 4;

    fn values<T: Real>(x: &[T], y: &mut [T]) {
        rectify(x, y);
    }

    fn slopes<T: Real>(x: &[T], dy: &[T], dx: &mut [T]) {
        mask(x, dy, dx);
    }
}

vectorised! {
    fn rectify<T>(x: &[T], y: &mut [T]) {
        for (y, &x) in y.iter_mut().zip(x) {
            // Written so that NaN, which compares false, is kept.
            *y = if x < T::zero() { T::zero() } else { x };
        }
    }
}

vectorised! {
    fn mask<T>(x: &[T], dy: &[T], dx: &mut [T]) {
        for ((dx, &x), &dy) in dx.iter_mut().zip(x).zip(dy) {
            // PyTorch masks by `result <= 0`, which lets the gradient of NaN pass.
            *dx = if x <= T::zero() { T::zero() } else { dy };
        }
    }
}
