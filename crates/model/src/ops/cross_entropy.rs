//! Softmax cross-entropy of label maps.

use super::head::{Loss, VoidRule};
use super::head_loss::pixel_loss;
use candle_core::{Result, Tensor};

/// Mean over counted pixels of `-log softmax(z)_label`, a scalar.
///
/// `z` is `[N, K, H, W]`, `label` `[N, H, W]` of U8. It is finite for every finite `z`. Without any counted pixel the
/// loss is 0 with zero gradients (PyTorch gives NaN).
///
/// # Errors
/// When the shapes do not belong together, a counted label is not below `K`, or `z` is neither f32 nor f64 (on a GPU bf16 too).
pub fn softmax_cross_entropy(z: &Tensor, label: &Tensor, void: VoidRule) -> Result<Tensor> {
    pixel_loss("softmax_cross_entropy", z, label, Loss::CrossEntropy, void)
}
