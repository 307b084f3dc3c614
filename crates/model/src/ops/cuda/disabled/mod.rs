//! What stands for the GPU's operators in builds without the feature `cuda`.

pub(in crate::ops) mod background;
pub(in crate::ops) mod batch_norm;
pub(in crate::ops) mod bilinear;
pub(in crate::ops) mod classes;
pub(in crate::ops) mod concat;
pub(in crate::ops) mod confusion;
pub(crate) mod conv2d;
pub(crate) mod device;
pub(crate) mod download;
pub(in crate::ops) mod dropout;
pub(in crate::ops) mod finite;
pub(in crate::ops) mod global_avg_pool;
pub(in crate::ops) mod head_loss;
pub(in crate::ops) mod labels;
pub(in crate::ops) mod max_pool;
pub(in crate::ops) mod mirror;
pub(in crate::ops) mod normalised;
pub(in crate::ops) mod pointwise;
pub(in crate::ops) mod scores;
pub(in crate::ops) mod sgd;

use candle_core::{Error, Result};

/// The error of every operator here.
fn unavailable<T>() -> Result<T> {
    Err(Error::NotCompiledWithCudaSupport)
}
