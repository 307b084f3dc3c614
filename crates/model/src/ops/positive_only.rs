//! Equation (4) of the paper, taken literally.

use super::channels::{TILE, Tile};
use super::cpu::real::Real;
use super::pixel_loss::{PixelLoss, mean_over_pixels};
use super::{Void, log_sigmoid};
use candle_core::{Result, Tensor};

/// Mean over counted pixels of `-log sigmoid(z_label)` (eq. 4), a scalar, with the background at channel 0.
///
/// Only the labelled channel of a pixel takes part: nothing punishes a wrong foreground channel of a foreground pixel.
/// `z` is `[N, K, H, W]`, `label` `[N, H, W]` of U8. Without any counted pixel the loss is 0 with zero gradients.
///
/// # Errors
/// When the shapes do not belong together, a counted label is not below `K`, or `z` is neither f32 nor f64.
pub fn positive_only_nll(z: &Tensor, label: &Tensor, void: Void) -> Result<Tensor> {
    mean_over_pixels(&PositiveOnly, z, label, |label| void.class(label))
}

struct PositiveOnly;

impl PixelLoss for PositiveOnly {
    const NAME: &'static str = "positive_only_nll";

    #[cfg(feature = "cuda")]
    fn kind(&self) -> super::cuda::Loss {
        super::cuda::Loss::PositiveOnly(super::ChannelReduction::Sum)
    }

    fn losses<T: Real>(&self, z: &mut Tile<T>, class: &[u8; TILE], loss: &mut [T; TILE]) {
        let mut slope = [T::zero(); TILE];
        for i in 0..TILE {
            let (log, complement) = log_sigmoid::value_and_complement(z[class[i] as usize][i]);
            (loss[i], slope[i]) = (-log, -complement);
        }
        z.fill([T::zero(); TILE]);
        for i in 0..TILE {
            z[class[i] as usize][i] = slope[i];
        }
    }
}
