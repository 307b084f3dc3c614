//! The update of a layer's running statistics on the CPU.

use super::NAME;
use crate::ops::batch_norm::batch_stats::BatchStats;
use crate::ops::batch_norm::running::Running;
use crate::ops::cpu::real::read;
use candle_core::{DType, Result, Tensor, Var};

/// Moves running statistics, and counts the batch.
pub(in crate::ops) fn track(running: Running<'_>, batch: &BatchStats, momentum: f64) -> Result<()> {
    let unbiased = batch.count as f64 / (batch.count as f64 - 1.);
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
