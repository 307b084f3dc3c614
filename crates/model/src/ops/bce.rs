//! Binary cross-entropy of every channel against the one-hot label.

use super::channels::{TILE, Tile};
use super::cpu::level::vectorised;
use super::cpu::real::Real;
use super::pixel_loss::{PixelLoss, mean_over_pixels};
use super::{ChannelReduction, Void, log_sigmoid};
use candle_core::{Result, Tensor};

/// `-sum_k y_k log sigmoid(z_k) + (1 - y_k) log sigmoid(-z_k)`, reduced over channels, then the mean over counted pixels.
///
/// `z` is `[N, K, H, W]`, `label` `[N, H, W]` of U8; `y` is one-hot. Finite for every finite `z`. Without any counted
/// pixel the loss is 0 with zero gradients.
///
/// # Errors
/// When the shapes do not belong together, a counted label is not below `K`, or `z` is neither f32 nor f64.
pub fn bce_with_logits_one_hot(
    z: &Tensor,
    label: &Tensor,
    void: Void,
    reduce: ChannelReduction,
) -> Result<Tensor> {
    mean_over_pixels(&OneHotBce(reduce), z, label, |label| void.class(label))
}

struct OneHotBce(ChannelReduction);

impl PixelLoss for OneHotBce {
    const NAME: &'static str = "bce_with_logits_one_hot";

    #[cfg(feature = "cuda")]
    fn kind(&self) -> super::cuda::Loss {
        super::cuda::Loss::Binary(self.0)
    }

    fn losses<T: Real>(&self, z: &mut Tile<T>, class: &[u8; TILE], loss: &mut [T; TILE]) {
        let weight = match self.0 {
            ChannelReduction::Sum => T::one(),
            ChannelReduction::Mean => T::from_f64(1. / z.len() as f64),
        };
        // The label changes only the sign of its channel: -log sigmoid(z) there, -log sigmoid(-z) elsewhere.
        let turn = |z: &mut Tile<T>| {
            for i in 0..TILE {
                let own = &mut z[class[i] as usize][i];
                *own = -*own;
            }
        };
        turn(z);
        all_negative(z, weight, loss);
        turn(z);
    }
}

vectorised! {
    /// Losses and gradients of pixels that have no class.
    fn all_negative<T>(z: &mut Tile<T>, weight: T, loss: &mut [T; TILE]) {
        *loss = [T::zero(); TILE];
        for row in z {
            for i in 0..TILE {
                let (log, complement) = log_sigmoid::value_and_complement(-row[i]);
                loss[i] -= log * weight;
                row[i] = complement * weight;
            }
        }
    }
}
