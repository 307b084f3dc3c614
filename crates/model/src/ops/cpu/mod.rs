//! The operators on the CPU.

#[allow(dead_code, reason = "the operators move to it one by one")]
pub(super) mod conv2d;
pub(super) mod exponential;
pub(super) mod level;
#[allow(dead_code, reason = "the operators move to it one by one")]
pub(super) mod memory;
pub(super) mod parallel;
#[allow(dead_code, unused_imports, reason = "the operators move to it one by one")]
pub(super) mod product;
pub(super) mod real;
#[allow(dead_code, reason = "the operators move to it one by one")]
mod scratch;
