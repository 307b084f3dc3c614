//! The implicit background logit, hard form.

use super::channels::{self, ChannelReduction1};
use super::real::Real;
use candle_core::{Result, Tensor};

/// `b = -max_k v_k` over dimension 1 of `v` `[N, K, H, W]`: `[N, 1, H, W]`.
///
/// The gradient goes to the first largest channel.
///
/// # Errors
/// When `v` is not four-dimensional, has no channel, or is neither f32 nor f64.
pub fn neg_max(v: &Tensor) -> Result<Tensor> {
    channels::apply::<NegMax>(v)
}

#[derive(Clone, Copy)]
struct NegMax;

impl ChannelReduction1 for NegMax {
    const NAME: &'static str = "neg_max";

    fn value<T: Real>(v: &[T]) -> T {
        -channels::largest(v).1
    }

    fn slope<T: Real>(v: &mut [T], _value: T, dy: T) {
        let winner = channels::largest(v).0;
        v.fill(T::zero());
        v[winner] = -dy;
    }
}
