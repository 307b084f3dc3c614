//! Binary cross-entropy of every channel against the one-hot label.

use super::head::{Bce, Loss, Reduce, VoidRule};
use super::head_loss::pixel_loss;
use candle_core::{Result, Tensor};

/// `-sum_k y_k log sigmoid(z_k) + (1 - y_k) log sigmoid(-z_k)`, reduced over channels, then the mean over counted pixels.
///
/// `z` is `[N, K, H, W]`, `label` `[N, H, W]` of U8; `y` is one-hot. Finite for every finite `z`. Without any counted
/// pixel the loss is 0 with zero gradients.
///
/// # Errors
/// When the shapes do not belong together, a counted label is not below `K`, or `z` is neither f32 nor f64 (on a GPU bf16 too).
pub fn bce_with_logits_one_hot(z: &Tensor, label: &Tensor, void: VoidRule, reduce: Reduce) -> Result<Tensor> {
    pixel_loss("bce_with_logits_one_hot", z, label, Loss::Sigmoid(Bce::Full, reduce), void)
}
