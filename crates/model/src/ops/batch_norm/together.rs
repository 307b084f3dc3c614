//! Batch normalisation with the statistics of a batch that several processes hold.

use super::across::{Across, SumOverRanks};
use super::moments::moments;
use super::op::BatchNorm;
use super::statistics::Statistics;
use super::{BatchStats, NAME, apply, check};
use crate::ops::Activation;
use crate::ops::cpu::parallel;
use crate::ops::cpu::real::{read, with_real};
use candle_core::{Result, Tensor};
use std::sync::Arc;

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
    let (n, _, h, w) = check(x, gamma, beta, residual)?;
    let x = x.contiguous()?;
    let own = own_statistics(&x, gamma, beta, eps)?;
    let Statistics { mean, var } = own.joined(n as f64 / across.pictures as f64, across.group.as_ref())?;
    let given = Some(Statistics { mean: mean.clone(), var: var.clone() });
    let op = BatchNorm { eps, activation, given, across: Some(across.clone()), used: Arc::default() };
    let y = apply(op, &x, gamma, beta, residual)?;
    Ok((y, BatchStats { mean, var, count: across.pictures * h * w }))
}

/// The statistics of this process's pictures.
fn own_statistics(x: &Tensor, gamma: &Tensor, beta: &Tensor, eps: f64) -> Result<Statistics> {
    #[cfg(feature = "cuda")]
    if x.device().is_cuda() {
        let (mean, var) = crate::ops::cuda::batch_norm::moments(NAME, x, [gamma, beta], eps)?;
        return Ok(Statistics { mean, var });
    }
    // The GPU's kernel makes the scale and the shift at once, and so takes these.
    let _ = (gamma, beta, eps);
    let (n, c, h, w) = x.dims4()?;
    let plane = |image: usize, channel: usize| (image * c + channel) * h * w;
    with_real!(x.dtype(), NAME, T => read(NAME, x, |x: &[T]| {
        let of = |channel: usize| moments(x, h * w, (0..n).map(|image| plane(image, channel)));
        Statistics::from_pairs(&parallel::map(c, x.len(), of))
    }))
}

impl Statistics {
    /// Those of all processes; `weight` is this one's share of the values.
    ///
    /// Means of values and of squares are added, in f64: what their difference loses is less than what f32 has lost in
    /// the values before.
    fn joined(&self, weight: f64, group: &dyn SumOverRanks) -> Result<Statistics> {
        let squares = (&self.var + self.mean.sqr()?)?;
        let own = (Tensor::stack(&[&self.mean, &squares], 0)? * weight)?;
        let all = group.sum(&own)?;
        let mean = all.get(0)?;
        // Rounding may leave a constant channel slightly below zero.
        let var = (all.get(1)? - mean.sqr()?)?.relu()?;
        Ok(Statistics { mean, var })
    }
}
