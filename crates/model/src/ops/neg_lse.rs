//! The implicit background logit, smooth form.

use super::channels::{self, ChannelReduction1};
use super::real::Real;
use candle_core::{Result, Tensor};

/// `b = -log(sum_k exp(v_k))` over dimension 1 of `v` `[N, K, H, W]`: `[N, 1, H, W]`.
///
/// The largest logit is taken out first, so that it is finite for every finite `v`. Its gradient is minus the softmax
/// over the foreground. This is the background of the authors' code and the one that reproduces eq. (2).
///
/// # Errors
/// When `v` is not four-dimensional, has no channel, or is neither f32 nor f64.
pub fn neg_lse(v: &Tensor) -> Result<Tensor> {
    channels::apply::<NegLse>(v)
}

#[derive(Clone, Copy)]
struct NegLse;

impl ChannelReduction1 for NegLse {
    const NAME: &'static str = "neg_lse";

    fn value<T: Real>(v: &[T]) -> T {
        let largest = channels::largest(v).1;
        // A sum that is infinite already, or NaN, must not become inf - inf.
        if largest.abs() == -T::LOWEST {
            return -largest;
        }
        let mut sum = T::zero();
        for &v in v {
            sum += (v - largest).exp();
        }
        -(largest + sum.ln())
    }

    fn slope<T: Real>(v: &mut [T], value: T, dy: T) {
        for v in v {
            *v = -(*v + value).exp() * dy;
        }
    }
}
