//! The implicit background logit, smooth form.

use super::channels::{self, ChannelReduction1, TILE, Tile};
use super::cpu::real::Real;
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

    fn value<T: Real>(v: &mut Tile<T>, y: &mut [T; TILE]) {
        let mut largest = [T::zero(); TILE];
        channels::exponentials(v, y, &mut largest);
        for (y, largest) in y.iter_mut().zip(largest) {
            *y = -(largest + y.ln());
        }
    }

    fn slope<T: Real>(v: &mut Tile<T>, dy: &[T; TILE]) {
        // The softmax is taken anew: from the value, which is rounded, it would lose digits for large logits.
        let (mut sum, mut largest) = ([T::zero(); TILE], [T::zero(); TILE]);
        channels::exponentials(v, &mut sum, &mut largest);
        for row in v {
            for i in 0..TILE {
                row[i] = -row[i] / sum[i] * dy[i];
            }
        }
    }
}
