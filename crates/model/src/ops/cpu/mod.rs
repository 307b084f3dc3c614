//! The operators on the CPU.

pub(super) mod bilinear;
pub(super) mod concat;
#[allow(dead_code, reason = "the operators move to it one by one")]
pub(super) mod conv2d;
pub(super) mod exponential;
pub(super) mod global_avg_pool;
pub(super) mod level;
pub(super) mod log_sigmoid;
pub(super) mod max_pool;
#[allow(dead_code, reason = "the operators move to it one by one")]
pub(super) mod memory;
pub(super) mod parallel;
pub(super) mod pointwise;
#[allow(dead_code, unused_imports, reason = "the operators move to it one by one")]
pub(super) mod product;
pub(super) mod real;
mod relu;
#[allow(dead_code, reason = "the operators move to it one by one")]
mod scratch;
pub(super) mod sgd;
