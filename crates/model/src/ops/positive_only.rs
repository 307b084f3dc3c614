//! Equation (4) of the paper, taken literally.

use super::head::{Bce, Loss, Reduce, VoidRule};
use super::head_loss::pixel_loss;
use candle_core::{Result, Tensor};

/// Mean over counted pixels of `-log sigmoid(z_label)` (eq. 4), a scalar, with the background at channel 0.
///
/// Only the labelled channel of a pixel takes part: nothing punishes a wrong foreground channel of a foreground pixel.
/// `z` is `[N, K, H, W]`, `label` `[N, H, W]` of U8. Without any counted pixel the loss is 0 with zero gradients.
///
/// # Errors
/// When the shapes do not belong together, a counted label is not below `K`, or `z` is neither f32 nor f64 (on a GPU bf16 too).
pub fn positive_only_nll(z: &Tensor, label: &Tensor, void: VoidRule) -> Result<Tensor> {
    pixel_loss("positive_only_nll", z, label, Loss::Sigmoid(Bce::PositiveOnly, Reduce::Sum), void)
}
