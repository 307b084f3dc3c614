//! Batch norm, in training and in evaluation.

use super::builder::Builder;
use super::init::Init;
use crate::local_batch::LocalBatch;
use crate::ops::batch_norm::{self, Applied, Backward, Layer, Moments};
use crate::ops::geometry::Conv2dShape;
use crate::ops::{Across, Activation, ChannelAffine, Running};
use crate::tape::Gradients;
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

    /// The processes that the batch is divided among, where its statistics are taken over all of them.
    ///
    /// # Errors
    /// [`Error::OneValue`] when each channel has a single value.
    pub(super) fn across(&self, shape: &Conv2dShape, local: &LocalBatch) -> Result<Option<Across>> {
        let across = local.across();
        let images = across.as_ref().map_or(shape.images, |across| across.pictures);
        if images * shape.out[0] * shape.out[1] < 2 {
            return Err(Error::OneValue { layer: self.name.clone() });
        }
        Ok(across)
    }

    /// The layer with the statistics of a batch, of which this process's images have these moments. It also moves the
    /// running statistics.
    pub(super) fn of_batch(
        &self,
        own: Moments,
        shape: &Conv2dShape,
        across: Option<Across>,
        activation: Activation,
    ) -> Result<BatchNormStep> {
        let (gamma, beta) = (self.weight.as_detached_tensor(), self.bias.as_detached_tensor());
        let layer = Layer { gamma: &gamma, beta: &beta, eps: EPSILON };
        let running = Running { mean: &self.running_mean, var: &self.running_var, batches: &self.batches };
        let pixels = shape.out[0] * shape.out[1];
        let applied = match &across {
            Some(across) => {
                let share = shape.images as f64 / across.pictures as f64;
                let all = own.statistics()?.joined(share, across.group.as_ref())?;
                all.apply(across.pictures * pixels, layer, running, self.momentum)?
            }
            None => own.apply(shape.images * pixels, layer, running, self.momentum)?,
        };
        Ok(BatchNormStep { gamma: self.weight.clone(), beta: self.bias.clone(), applied, across, activation })
    }
}

/// A layer with the statistics of one batch.
pub(super) struct BatchNormStep {
    gamma: Var,
    beta: Var,
    applied: Applied,
    across: Option<Across>,
    activation: Activation,
}

impl BatchNormStep {
    /// `activation(norm(x) + residual)`.
    pub(super) fn forward(&self, x: &Tensor, residual: Option<&Tensor>) -> candle_core::Result<Tensor> {
        batch_norm::normalise(x, &self.applied.folded, residual, self.activation)
    }

    /// The gradient of `x`, given that of the result `y`; those of the parameters and of the residual are added to the
    /// others.
    pub(super) fn backward(
        &self,
        x: &Tensor,
        residual: Option<&Tensor>,
        y: &Tensor,
        dy: &Tensor,
        gradients: &mut Gradients,
    ) -> candle_core::Result<Tensor> {
        let (gamma, beta) = (self.gamma.as_detached_tensor(), self.beta.as_detached_tensor());
        let found = batch_norm::backward(&Backward {
            x,
            dy,
            y: residual.map(|_| y),
            statistics: &self.applied.statistics,
            layer: Layer { gamma: &gamma, beta: &beta, eps: EPSILON },
            folded: Some(&self.applied.folded),
            activation: self.activation,
            residual: residual.is_some(),
            constant: false,
            across: self.across.as_ref(),
        })?;
        gradients.put(&self.gamma, found.gamma);
        gradients.put(&self.beta, found.beta);
        if let (Some(residual), Some(gradient)) = (residual, found.residual) {
            gradients.add(residual, gradient)?;
        }
        Ok(found.x)
    }
}
