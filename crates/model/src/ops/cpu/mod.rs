//! The operators on the CPU.

pub(super) mod background;
pub(super) mod batch_norm;
pub(super) mod bilinear;
pub(super) mod classes;
pub(super) mod concat;
pub(super) mod confusion;
#[allow(dead_code, reason = "the operators move to it one by one")]
pub(super) mod conv2d;
pub(super) mod exponential;
pub(super) mod global_avg_pool;
pub(super) mod head_loss;
pub(super) mod layout;
pub(super) mod level;
pub(super) mod log_sigmoid;
pub(super) mod logits;
pub(super) mod max_pool;
#[allow(dead_code, reason = "the operators move to it one by one")]
pub(super) mod memory;
pub(super) mod mirror;
pub(super) mod parallel;
mod pixel_loss;
pub(super) mod pointwise;
#[allow(dead_code, unused_imports, reason = "the operators move to it one by one")]
pub(super) mod product;
pub(super) mod real;
mod relu;
mod resized;
pub(super) mod scores;
#[allow(dead_code, reason = "the operators move to it one by one")]
mod scratch;
pub(super) mod sgd;
mod tiles;
