//! Softmax cross-entropy of label maps.

use super::pixel_loss::{PixelLoss, mean_over_pixels};
use super::{channels, real::Real};
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

    fn pixel<T: Real>(&self, z: &mut [T], class: usize) -> f64 {
        let largest = channels::largest(z).1;
        let above = largest - z[class];
        let mut sum = T::zero();
        for z in z.iter_mut() {
            *z = (*z - largest).exp();
            sum += *z;
        }
        for z in z.iter_mut() {
            *z /= sum;
        }
        z[class] -= T::one();
        (sum.ln() + above).to_f64()
    }
}
