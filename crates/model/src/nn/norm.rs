//! Batch normalisation that trains.

use super::Builder;
use super::init::Init;
use super::phase::Phase;
use crate::ops::{Activation, BatchStats, ChannelAffine, batch_norm_train};
use crate::{Error, Result};
use candle_core::{DType, Tensor, Var};

/// Added to the variance: PyTorch's default, which torchvision keeps.
pub(crate) const EPSILON: f64 = 1e-5;

/// `torch.nn.BatchNorm2d`: batch statistics in training, running ones in inference.
#[derive(Debug)]
pub(crate) struct BatchNorm {
    name: String,
    pub(super) weight: Var,
    pub(super) bias: Var,
    pub(super) running_mean: Var,
    pub(super) running_var: Var,
    batches: Var,
    /// Share of the newest batch in the running statistics (PyTorch's convention: 0.1 is a slow average).
    momentum: f64,
}

impl BatchNorm {
    /// A layer of `channels` channels: weight 1, bias 0, running mean 0, running variance 1.
    pub(crate) fn new(mut b: Builder<'_>, channels: usize, momentum: f64) -> Result<BatchNorm> {
        Ok(BatchNorm {
            name: b.path("weight").trim_end_matches(".weight").to_string(),
            weight: b.weight("weight", &[channels], Init::Constant(1.))?,
            bias: b.weight("bias", &[channels], Init::Constant(0.))?,
            running_mean: b.buffer("running_mean", &[channels], 0.)?,
            running_var: b.buffer("running_var", &[channels], 1.)?,
            batches: b.counter("num_batches_tracked")?,
            momentum,
        })
    }

    /// The layer in inference: a scale and a shift of each channel.
    pub(crate) fn affine(&self) -> Result<ChannelAffine> {
        let values = |var: &Var| var.as_detached_tensor().to_dtype(DType::F64)?.to_vec1::<f64>();
        let (gamma, var) = (values(&self.weight)?, values(&self.running_var)?);
        let (beta, mean) = (values(&self.bias)?, values(&self.running_mean)?);
        let scale: Vec<f64> = gamma.iter().zip(var).map(|(g, v)| g / (v + EPSILON).sqrt()).collect();
        let shift = beta.iter().zip(mean).zip(&scale).map(|((b, m), s)| b - m * s).collect();
        Ok(ChannelAffine { scale, shift })
    }

    /// `activation(norm(x) + residual)` in training, with the batch's statistics; moves the running ones.
    pub(crate) fn forward(
        &self,
        x: &Tensor,
        residual: Option<&Tensor>,
        activation: Activation,
        phase: &Phase<'_>,
    ) -> Result<Tensor> {
        let (weight, bias) = (phase.tensor(&self.weight), phase.tensor(&self.bias));
        let (n, _, h, w) = x.dims4()?;
        if n * h * w < 2 {
            return Err(Error::OneValue { layer: self.name.clone() });
        }
        let (y, stats) = batch_norm_train(x, &weight, &bias, EPSILON, residual, activation)?;
        self.track(&stats)?;
        Ok(y)
    }

    /// Moves the running statistics as PyTorch does: `r += momentum * (batch - r)`, the variance unbiased.
    fn track(&self, stats: &BatchStats) -> Result<()> {
        let unbiased = stats.count as f64 / (stats.count as f64 - 1.);
        blend(&self.running_mean, stats.mean.iter().map(|&m| f64::from(m)), self.momentum)?;
        blend(&self.running_var, stats.var.iter().map(|&v| f64::from(v) * unbiased), self.momentum)?;
        let batches = (self.batches.as_detached_tensor() + 1.)?;
        Ok(self.batches.set(&batches)?)
    }
}

fn blend(running: &Var, batch: impl Iterator<Item = f64>, momentum: f64) -> Result<()> {
    let old = running.as_detached_tensor().to_dtype(DType::F64)?.to_vec1::<f64>()?;
    let new: Vec<f64> = old.iter().zip(batch).map(|(&o, b)| (1. - momentum) * o + momentum * b).collect();
    let new = Tensor::from_vec(new, old.len(), running.device())?.to_dtype(running.dtype())?;
    Ok(running.set(&new)?)
}
