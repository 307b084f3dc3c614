//! The operators that candle lacks or has too slow for training, each with its forward and, where training needs it, its backward on the CPU and, in
//! builds with the feature `cuda`, on NVIDIA GPUs.
//!
//! A map's shape is `[N, C, H, W]`. In memory its channels are last on the CPU, as in PyTorch's `channels_last`: operators
//! take maps in any order and give them in this one, so that chains of them copy nothing. `f32` is the fast path; `f64` runs the same formulas and exists for the checks by
//! finite differences; `bf16` activations exist on GPUs only, with parameters in `f32`. All results are independent of
//! the number of threads, and each image's result in a forward pass without batch statistics is the same bit for bit
//! whatever else is in the batch. On a GPU it may depend on the number of images: cuDNN may take another algorithm for a
//! larger batch, and then last digits differ.
//!
//! The file of an operator holds its public function and its checks; the file of the same name in `cpu/` computes it on
//! the CPU, and the one in `cuda/enabled/` on a GPU (`cuda/disabled/` is what builds without the feature `cuda` have).
//! Both have the same functions, of tensors. `operator.rs` puts an operator into candle's graph. Networks do not use that
//! graph: their layers call the functions and record themselves (`tape`).

mod activation;
mod argmax;
mod arriving;
mod background;
pub(crate) mod batch_norm;
mod bce;
pub(crate) mod bilinear;
mod classes;
pub(crate) mod concat;
mod confusion;
pub(crate) mod conv2d;
mod cpu;
mod cross_entropy;
pub(crate) mod cuda;
pub(crate) mod dropout;
mod finite;
pub(crate) mod geometry;
pub(crate) mod global_avg_pool;
mod gpu_math;
mod head;
mod head_loss;
mod labels;
pub(crate) mod layout;
mod log_sigmoid;
mod logits;
pub(crate) mod max_pool;
mod mirror;
mod neg_lse;
mod neg_max;
pub(crate) mod normalised;
pub(crate) mod operator;
mod pointwise;
mod pointwise_function;
mod positive_only;
mod relu;
pub(crate) mod resizing;
mod score_space;
mod scores;
mod sgd;
pub(crate) mod types;

pub use activation::Activation;
pub use argmax::argmax_channels;
pub use batch_norm::{
    Across, BatchStats, Running, SumOverRanks, batch_norm_eval, batch_norm_together, batch_norm_train,
    track_statistics,
};
pub use bce::bce_with_logits_one_hot;
pub use bilinear::upsample_bilinear;
pub(crate) use conv2d::FoldedWeights;
pub use conv2d::{ChannelAffine, Conv2dConfig, conv2d, conv2d_gradients, conv2d_normalised};
pub use cross_entropy::softmax_cross_entropy;
pub use global_avg_pool::global_avg_pool;
pub(crate) use gpu_math::GpuMath;
pub use head::{At, Background, Bce, Form, Head, Loss, Reduce, VOID_LABEL, VoidRule};
pub use log_sigmoid::log_sigmoid;
pub use max_pool::max_pool_3x3_s2;
pub use neg_lse::neg_lse;
pub use neg_max::neg_max;
pub use positive_only::positive_only_nll;
pub use relu::relu;
pub use score_space::ScoreSpace;
pub use sgd::{SgdTurn, sgd_update};

pub(crate) use arriving::Arriving;
pub(crate) use background::{prepend as prepend_background, prepend_backward as background_backward};
pub(crate) use classes::{QueuedClasses, classes};
pub(crate) use confusion::confusion;
pub(crate) use finite::AllFinite;
pub(crate) use head::Readout;
pub(crate) use head_loss::{head_loss, loss_and_gradient, pixel_loss};
pub(crate) use labels::labels;
pub(crate) use layout::planar;
pub(crate) use logits::{logit_planes, logits, planar_logits};
pub(crate) use mirror::mirror;
pub(crate) use pointwise::sum;
pub(crate) use scores::{add_scores, average, empty_sum, scores};
