//! Softmax cross-entropy of label maps.

use super::channels::{self, TILE, Tile};
use super::cpu::real::Real;
use super::pixel_loss::{PixelLoss, mean_over_pixels};
use candle_core::{Result, Tensor};

/// Mean over counted pixels of `-log softmax(z)_label`, a scalar; pixels with label `ignore` are not counted.
///
/// `z` is `[N, K, H, W]`, `label` `[N, H, W]` of U8. It is finite for every finite `z`. Without any counted pixel the
/// loss is 0 with zero gradients (PyTorch gives NaN).
///
/// # Errors
/// When the shapes do not belong together, a counted label is not below `K`, or `z` is neither f32 nor f64.
pub fn softmax_cross_entropy(z: &Tensor, label: &Tensor, ignore: Option<u8>) -> Result<Tensor> {
    mean_over_pixels(&CrossEntropy, z, label, |label| (Some(label) != ignore).then_some(label))
}

struct CrossEntropy;

impl PixelLoss for CrossEntropy {
    const NAME: &'static str = "softmax_cross_entropy";

    #[cfg(feature = "cuda")]
    fn kind(&self) -> super::cuda::Loss {
        super::cuda::Loss::CrossEntropy
    }

    fn losses<T: Real>(&self, z: &mut Tile<T>, class: &[u8; TILE], loss: &mut [T; TILE]) {
        let mut own = [T::zero(); TILE];
        for i in 0..TILE {
            own[i] = z[class[i] as usize][i];
        }
        let (mut sum, mut largest) = ([T::zero(); TILE], [T::zero(); TILE]);
        channels::exponentials(z, &mut sum, &mut largest);
        for row in z.iter_mut() {
            for i in 0..TILE {
                row[i] /= sum[i];
            }
        }
        for i in 0..TILE {
            z[class[i] as usize][i] -= T::one();
            loss[i] = sum[i].ln() + (largest[i] - own[i]);
        }
    }
}
