//! The operators on an NVIDIA GPU.
//!
//! One file per operator, beside the kernels that it launches. An operator's `cuda_fwd` checks nothing that its CPU
//! form has checked already; every kernel is deterministic, so the same seed gives the same bytes on the same card.

mod kernel;
pub(super) mod pointwise;
mod view;
