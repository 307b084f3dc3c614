//! The operators on the CPU.

pub(in crate::ops) mod exponential;
pub(in crate::ops) mod level;
pub(in crate::ops) mod parallel;
pub(in crate::ops) mod real;
