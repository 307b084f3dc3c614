//! Batch normalisation on the CPU.

mod backward;
mod coefficients;
mod fold;
mod gradient_kernels;
mod kernels;
mod moments;
mod normalise;
mod rows;
mod sums;
mod track;

pub(in crate::ops) use backward::backward;
pub(in crate::ops) use fold::fold;
pub(in crate::ops) use moments::moments;
pub(in crate::ops) use normalise::normalise;
pub(in crate::ops) use track::track;

const NAME: &str = "batch_norm";
