//! Batch norm, in training and in evaluation.

use super::builder::Builder;
use super::init::Init;
use super::phase::Phase;
use crate::local_batch::LocalBatch;
use crate::ops::{
    Activation, ChannelAffine, Running, batch_norm_together, batch_norm_train, track_statistics,
};
use crate::{Error, Result};
use candle_core::{Tensor, Var};

/// Added to the variance. This is PyTorch's default, which torchvision keeps.
pub(crate) const EPSILON: f64 = 1e-5;

/// `torch.nn.BatchNorm2d`: the batch's statistics in training, the running ones in evaluation.
#[derive(Debug)]
pub(crate) struct BatchNorm {
    name: String,
    pub(super) weight: Var,
    pub(super) bias: Var,
    pub(super) running_mean: Var,
    pub(super) running_var: Var,
    batches: Var,
    /// Weight of the newest batch in the running statistics (PyTorch's convention: 0.1 is a slow average).
    momentum: f64,
}

impl BatchNorm {
    /// A layer of `channels` channels. It starts with weight 1, bias 0, running mean 0 and running variance 1.
    pub(crate) fn new(mut b: Builder<'_, '_>, channels: usize, momentum: f64) -> Result<BatchNorm> {
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

    /// The layer in evaluation: a scale and a shift of each channel.
    pub(crate) fn affine(&self) -> Result<ChannelAffine> {
        let [weight, bias, mean, var] =
            [&self.weight, &self.bias, &self.running_mean, &self.running_var].map(|v| v.as_detached_tensor());
        Ok(ChannelAffine::of_norm(&weight, &bias, &mean, &var, EPSILON)?)
    }

    /// `activation(norm(x) + residual)` in training, with the batch's statistics (those of the global batch where the phase
    /// has a way to sum over the processes). It also moves the running statistics.
    pub(crate) fn forward(
        &self,
        x: &Tensor,
        residual: Option<&Tensor>,
        activation: Activation,
        phase: &Phase<'_>,
    ) -> Result<Tensor> {
        let (weight, bias) = (phase.tensor(&self.weight), phase.tensor(&self.bias));
        let (n, _, h, w) = x.dims4()?;
        let across = phase.local_batch().and_then(LocalBatch::across);
        if across.as_ref().map_or(n, |across| across.pictures) * h * w < 2 {
            return Err(Error::OneValue { layer: self.name.clone() });
        }
        let (y, stats) = match &across {
            Some(across) => batch_norm_together(x, &weight, &bias, EPSILON, residual, activation, across)?,
            None => batch_norm_train(x, &weight, &bias, EPSILON, residual, activation)?,
        };
        let running = Running { mean: &self.running_mean, var: &self.running_var, batches: &self.batches };
        track_statistics(running, &stats, self.momentum)?;
        Ok(y)
    }
}
