//! The running statistics that a layer keeps for inference.

use super::{BatchStats, NAME};
use crate::ops::cpu::real::read;
use candle_core::{DType, Result, Tensor, Var, bail};

/// What a layer keeps of the batches that it saw in training.
#[derive(Clone, Copy, Debug)]
pub struct Running<'a> {
    /// Running mean of each channel, `[C]`.
    pub mean: &'a Var,
    /// Running unbiased variance of each channel, `[C]`.
    pub var: &'a Var,
    /// Number of batches, one I64 without dimensions.
    pub batches: &'a Var,
}

/// Moves running statistics as PyTorch does: `r += momentum * (batch - r)`, the variance unbiased; counts the batch.
///
/// The statistics of a batch are rounded to the running ones' type first. Nothing is copied between devices.
///
/// # Errors
/// When the tensors lie on different devices or do not have the same length.
pub fn track_statistics(running: Running<'_>, batch: &BatchStats, momentum: f64) -> Result<()> {
    let channels = batch.mean.dims();
    if running.mean.dims() != channels || running.var.dims() != channels {
        bail!("{NAME}: expected running statistics of {channels:?}, got {:?}", running.mean.dims());
    }
    let unbiased = batch.count as f64 / (batch.count as f64 - 1.);
    #[cfg(feature = "cuda")]
    if batch.mean.device().is_cuda() {
        let (statistics, kept) = ([&batch.mean, &batch.var], [running.mean, running.var]);
        return crate::ops::cuda::batch_norm::track(
            NAME,
            statistics,
            kept,
            running.batches,
            momentum,
            unbiased,
        );
    }
    blend(running.mean, &batch.mean, 1., momentum)?;
    blend(running.var, &batch.var, unbiased, momentum)?;
    running.batches.set(&(running.batches.as_detached_tensor() + 1.)?)
}

fn blend(running: &Var, batch: &Tensor, factor: f64, momentum: f64) -> Result<()> {
    let old = running.as_detached_tensor().to_dtype(DType::F64)?.to_vec1::<f64>()?;
    let batch = batch.to_dtype(running.dtype())?.to_dtype(DType::F64)?;
    let new = read(NAME, &batch, |batch: &[f64]| {
        let blend = |(&old, &batch): (&f64, &f64)| (1. - momentum) * old + momentum * (batch * factor);
        Ok(old.iter().zip(batch).map(blend).collect::<Vec<f64>>())
    })?;
    let new = Tensor::from_vec(new, old.len(), running.device())?.to_dtype(running.dtype())?;
    running.set(&new)
}
