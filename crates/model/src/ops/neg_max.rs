//! The implicit background logit, hard form.

use super::channels::{self, ChannelReduction1, TILE, Tile};
use super::cpu::real::Real;
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

    fn value<T: Real>(v: &mut Tile<T>, y: &mut [T; TILE]) {
        channels::largest(v, &mut [T::zero(); TILE], y);
        for y in y {
            *y = -*y;
        }
    }

    fn slope<T: Real>(v: &mut Tile<T>, dy: &[T; TILE]) {
        let mut winner = [T::zero(); TILE];
        channels::largest(v, &mut winner, &mut [T::zero(); TILE]);
        v.fill([T::zero(); TILE]);
        for (i, winner) in winner.into_iter().enumerate() {
            v[winner.to_f64() as usize][i] = -dy[i];
        }
    }
}
