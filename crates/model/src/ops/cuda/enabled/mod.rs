//! The operators on an NVIDIA GPU.
//!
//! One file per operator, beside the kernels that it launches. An operator's `cuda_fwd` checks nothing that its CPU
//! form has checked already; every kernel is deterministic, so the same seed gives the same bytes on the same card.

pub(super) mod batch_norm;
pub(super) mod batch_norm_backward;
pub(super) mod bilinear;
pub(super) mod channels;
pub(super) mod conv2d;
mod cudnn;
mod head;
mod head_eval;
mod head_loss;
mod kernel;
pub(super) mod max_pool;
pub(super) mod pixel_loss;
pub(super) mod pointwise;
mod scores;
pub(super) mod sgd;
pub(super) mod sums;
mod view;

pub(crate) use head::{Background, Head, Loss, Void};
pub(crate) use head_eval::{Classes, head_classes, head_moments};
pub(crate) use head_loss::head_loss;
pub(crate) use scores::{Space, add_scores, mirror};
