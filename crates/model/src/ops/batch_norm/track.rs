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
/// When the tensors lie on different devices or do not have the same length, the batch has a single value per channel (whose
/// variance is none), or `momentum` is not in [0, 1].
pub fn track_statistics(running: Running<'_>, batch: &BatchStats, momentum: f64) -> Result<()> {
    check(running, batch.mean.dims())?;
    if batch.count < 2 {
        bail!("{NAME}: expected statistics of at least 2 values per channel, got {}", batch.count);
    }
    if !(0. ..=1.).contains(&momentum) {
        bail!("{NAME}: expected a momentum in [0, 1], got {momentum}");
    }
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
