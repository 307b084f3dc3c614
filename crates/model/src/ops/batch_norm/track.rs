//! The update of a layer's running statistics.

use super::NAME;
use super::batch_stats::BatchStats;
use super::running::Running;
use crate::ops::{cpu, cuda};
use candle_core::{Result, bail};

/// Moves running statistics as PyTorch does: `r += momentum * (batch - r)`, the variance unbiased; counts the batch.
///
/// The statistics of a batch are rounded to the running ones' type first. Nothing is copied between devices.
///
/// # Errors
/// When the tensors lie on different devices or do not have the same length.
pub fn track_statistics(running: Running<'_>, batch: &BatchStats, momentum: f64) -> Result<()> {
    check(running, batch.mean.dims())?;
    if batch.mean.device().is_cuda() {
        cuda::batch_norm::track(running, batch, momentum)
    } else {
        cpu::batch_norm::track(running, batch, momentum)
    }
}

/// Whether running statistics belong to these channels.
pub(super) fn check(running: Running<'_>, channels: &[usize]) -> Result<()> {
    if running.mean.dims() != channels || running.var.dims() != channels {
        bail!("{NAME}: expected running statistics of {channels:?}, got {:?}", running.mean.dims());
    }
    Ok(())
}
