//! What stands for the GPU's operators in builds without the feature `cuda`.

pub(crate) mod conv2d;

use candle_core::{Error, Result};

/// The error of every operator here.
#[allow(dead_code, reason = "operators move here one by one")]
fn unavailable<T>() -> Result<T> {
    Err(Error::NotCompiledWithCudaSupport)
}
