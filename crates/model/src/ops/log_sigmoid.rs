//! `log(sigmoid(x))` without overflow.

use candle_core::{Result, Tensor};

/// `log(sigmoid(x)) = min(x, 0) - log(1 + exp(-|x|))` of any shape, finite for every finite `x`.
pub fn log_sigmoid(x: &Tensor) -> Result<Tensor> {
    x.minimum(&x.zeros_like()?)? - (x.abs()?.neg()?.exp()? + 1.)?.log()?
}
