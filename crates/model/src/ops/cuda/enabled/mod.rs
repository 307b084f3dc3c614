//! The operators on an NVIDIA GPU.
//!
//! One file per operator, beside the kernels that it launches. An operator here checks nothing that its caller has checked
//! for every device; every kernel is deterministic, so the same seed gives the same bytes on the same card.

pub(in crate::ops) mod background;
pub(in crate::ops) mod batch_norm;
pub(in crate::ops) mod bilinear;
pub(in crate::ops) mod classes;
pub(in crate::ops) mod concat;
pub(in crate::ops) mod confusion;
pub(in crate::ops) mod conv2d;
mod cudnn;
pub(crate) mod device;
pub(crate) mod download;
pub(in crate::ops) mod dropout;
mod filters;
pub(in crate::ops) mod finite;
pub(in crate::ops) mod global_avg_pool;
mod head;
pub(in crate::ops) mod head_loss;
mod kernel;
pub(in crate::ops) mod labels;
pub(in crate::ops) mod max_pool;
pub(in crate::ops) mod mirror;
mod moments;
pub(in crate::ops) mod normalised;
mod pinned;
pub(in crate::ops) mod pointwise;
pub(in crate::ops) mod scores;
pub(in crate::ops) mod sgd;
mod sums;
mod upload;
mod view;
