//! A batch norm of given statistics as a scale and a shift.

use super::NAME;
use candle_core::{DType, Result, Tensor, bail};

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
    /// When the lengths or the element types differ.
    pub fn of_norm(gamma: &Tensor, beta: &Tensor, mean: &Tensor, var: &Tensor, eps: f64) -> Result<Self> {
        let (length, dtype) = (gamma.dims1()?, gamma.dtype());
        if let Some(odd) = [beta, mean, var].into_iter().find(|t| t.dims() != [length] || t.dtype() != dtype)
        {
            let (shape, found) = (odd.shape(), odd.dtype());
            bail!("{NAME}: expected norm parameters of [{length}] {dtype:?}, got {shape:?} {found:?}");
        }
        #[cfg(feature = "cuda")]
        if gamma.device().is_cuda() {
            let (scale, shift) = crate::ops::cuda::batch_norm::folded(NAME, [gamma, beta, mean, var], eps)?;
            return Ok(ChannelAffine { scale, shift });
        }
        let values = |t: &Tensor| t.to_dtype(DType::F64)?.to_vec1::<f64>();
        let (gamma_values, beta, mean, var) = (values(gamma)?, values(beta)?, values(mean)?, values(var)?);
        let scale: Vec<f64> = gamma_values.iter().zip(var).map(|(g, v)| g / (v + eps).sqrt()).collect();
        let shift = beta.iter().zip(mean).zip(&scale).map(|((b, m), s)| b - m * s).collect();
        let tensor = |values: Vec<f64>| Tensor::from_vec(values, length, gamma.device())?.to_dtype(dtype);
        Ok(ChannelAffine { shift: tensor(shift)?, scale: tensor(scale)? })
    }
}
