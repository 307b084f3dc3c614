//! A batch norm of given statistics as a scale and a shift.

use super::NAME;
use crate::ops::batch_norm::{self, Layer};
use candle_core::{Result, Tensor, bail};

/// A scale and a shift for each channel: what a batch norm with given statistics is.
#[derive(Clone, Debug)]
pub struct ChannelAffine {
    /// `gamma / sqrt(var + eps)`, `[C]` in the parameters' type.
    pub scale: Tensor,
    /// `beta - mean * scale`, `[C]` in the parameters' type.
    pub shift: Tensor,
}

impl ChannelAffine {
    /// From the parameters and running statistics of a batch norm, all `[C]` of one type. It is computed in f64, on the
    /// device of the parameters. Not differentiable.
    ///
    /// # Errors
    /// When the lengths or the element types differ, or `eps` is not a number of 0 or more.
    pub fn of_norm(gamma: &Tensor, beta: &Tensor, mean: &Tensor, var: &Tensor, eps: f64) -> Result<Self> {
        let (length, dtype) = (gamma.dims1()?, gamma.dtype());
        if let Some(odd) = [beta, mean, var].into_iter().find(|t| t.dims() != [length] || t.dtype() != dtype)
        {
            let (shape, found) = (odd.shape(), odd.dtype());
            bail!("{NAME}: expected norm parameters of [{length}] {dtype:?}, got {shape:?} {found:?}");
        }
        batch_norm::check_eps(eps)?;
        let [scale, shift] = batch_norm::fold(Layer { gamma, beta, eps }, mean, var)?;
        Ok(ChannelAffine { scale, shift })
    }
}
