//! Batch normalisation with the statistics of a batch that several processes hold.

use super::across::{Across, SumOverRanks};
use super::operator::{BatchNorm, apply};
use super::statistics::Statistics;
use super::{BatchStats, check, moments};
use crate::ops::Activation;
use candle_core::{Result, Tensor};

/// As [`super::batch_norm_train`], with the statistics of the pictures of all processes, every one of which calls it in
/// the forward and in the backward pass.
///
/// The gradients of `x` and `residual` are those that a single process with the whole batch would have for these
/// pictures; those of `gamma` and `beta` are this process's part of a sum.
///
/// # Errors
/// As [`super::batch_norm_train`], and when another process is gone.
pub fn batch_norm_together(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    eps: f64,
    residual: Option<&Tensor>,
    activation: Activation,
    across: &Across,
) -> Result<(Tensor, BatchStats)> {
    let (n, _, h, w) = check(x, gamma, beta, eps, residual)?;
    let own = moments(&x.detach())?;
    let statistics = own.joined(n as f64 / across.pictures as f64, across.group.as_ref())?;
    let Statistics { mean, var } = statistics.clone();
    let op = BatchNorm { statistics, eps, activation, constant: false, across: Some(across.clone()) };
    let y = apply(op, x, gamma, beta, residual)?;
    Ok((y, BatchStats { mean, var, count: across.pictures * h * w }))
}

impl Statistics {
    /// Those of all processes; `weight` is this one's share of the values.
    ///
    /// Means of values and of squares are added, in f64: what their difference loses is less than what f32 has lost in
    /// the values before.
    pub(crate) fn joined(&self, weight: f64, group: &dyn SumOverRanks) -> Result<Statistics> {
        let squares = (&self.var + self.mean.sqr()?)?;
        let own = (Tensor::stack(&[&self.mean, &squares], 0)? * weight)?;
        let all = group.sum(&own)?;
        let mean = all.get(0)?;
        // Rounding may leave a constant channel slightly below zero.
        let var = (all.get(1)? - mean.sqr()?)?.relu()?;
        Ok(Statistics { mean, var })
    }
}
