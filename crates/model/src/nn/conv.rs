//! A convolution, and a convolution with its batch norm.

use super::builder::Builder;
use super::init::Init;
use super::norm::{BatchNorm, BatchNormStep};
use super::phase::Phase;
use crate::Result;
use crate::local_batch::LocalBatch;
use crate::ops::conv2d::{self, Convolved};
use crate::ops::geometry::Conv2dShape;
use crate::ops::{Activation, Conv2dConfig, FoldedWeights};
use crate::tape::{Gradients, Tape};
use candle_core::{Tensor, Var};

/// The sizes of one convolution.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConvSpec {
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    pub(crate) dilation: usize,
    pub(crate) init: Init,
}

impl ConvSpec {
    /// A 1x1 convolution, stride 1.
    pub(crate) fn pointwise(inputs: usize, outputs: usize, init: Init) -> ConvSpec {
        ConvSpec { inputs, outputs, kernel: 1, stride: 1, dilation: 1, init }
    }

    /// A 3x3 convolution, stride 1.
    pub(crate) fn three(inputs: usize, outputs: usize, dilation: usize, init: Init) -> ConvSpec {
        ConvSpec { inputs, outputs, kernel: 3, stride: 1, dilation, init }
    }

    /// Stride and dilation, with the padding that keeps the size at stride 1.
    fn config(&self) -> Conv2dConfig {
        let padding = self.kernel / 2 * self.dilation;
        Conv2dConfig { stride: self.stride, padding, dilation: self.dilation }
    }

    fn fan_in(&self) -> usize {
        self.inputs * self.kernel * self.kernel
    }

    fn weight(&self, b: &mut Builder<'_, '_>) -> Result<Var> {
        b.weight("weight", &[self.outputs, self.inputs, self.kernel, self.kernel], self.init)
    }
}

/// A convolution with a bias: the last layer of every head.
#[derive(Debug)]
pub(crate) struct Conv {
    weight: Var,
    bias: Var,
    config: Conv2dConfig,
}

impl Conv {
    /// `bias` is the initial bias; without it PyTorch's default is drawn.
    pub(crate) fn new(mut b: Builder<'_, '_>, spec: ConvSpec, bias: Option<f64>) -> Result<Conv> {
        let weight = spec.weight(&mut b)?;
        let init = bias.map_or(Init::Uniform { fan: spec.fan_in() }, Init::Constant);
        let bias = b.weight("bias", &[spec.outputs], init)?;
        Ok(Conv { weight, bias, config: spec.config() })
    }

    pub(crate) fn forward(&self, x: &Tensor, phase: &mut Phase<'_>) -> Result<Tensor> {
        let (weight, bias) = (self.weight.as_detached_tensor(), self.bias.as_detached_tensor());
        let shape = Conv2dShape::new(x.dims(), weight.dims(), self.config)?.with_math(phase.math());
        let y = conv2d::forward(&shape, x, &weight, Some(&bias))?;
        let (x, weight, bias) = (x.clone(), self.weight.clone(), self.bias.clone());
        phase.record(&y, move |dy, gradients| {
            gradients.put(&bias, conv2d::bias_gradient(dy)?);
            gradients.put(&weight, conv2d::weight_gradient(&shape, &x, dy, weight.dtype())?);
            let added = gradients.take(&x);
            let dx = conv2d::input_gradient(&shape, dy, &weight.as_detached_tensor(), None, added.as_ref())?;
            gradients.put(&x, dx);
            Ok(())
        });
        Ok(y)
    }
}

/// A convolution without bias, then batch norm, then an activation.
#[derive(Debug)]
pub(crate) struct ConvNorm {
    weight: Var,
    norm: BatchNorm,
    config: Conv2dConfig,
    activation: Activation,
}

impl ConvNorm {
    /// `conv` and `norm` are the names of the two layers below `b`.
    pub(crate) fn new(
        b: &mut Builder<'_, '_>,
        (conv, norm): (&str, &str),
        spec: ConvSpec,
        activation: Activation,
        momentum: f64,
    ) -> Result<ConvNorm> {
        let weight = spec.weight(&mut b.child(conv))?;
        let norm = BatchNorm::new(b.child(norm), spec.outputs, momentum)?;
        Ok(ConvNorm { weight, norm, config: spec.config(), activation })
    }

    pub(crate) fn forward(
        &self,
        x: &Tensor,
        residual: Option<&Tensor>,
        phase: &mut Phase<'_>,
    ) -> Result<Tensor> {
        let shape = Conv2dShape::new(x.dims(), self.weight.dims(), self.config)?.with_math(phase.math());
        match phase {
            Phase::Train { local, tape, .. } => self.train(shape, x, residual, local, tape),
            Phase::Eval { weights, .. } => {
                let weights = weights.of(&self.weight, || {
                    Ok(FoldedWeights::new(self.weight.as_detached_tensor(), self.norm.affine()?))
                })?;
                Ok(conv2d::folded(&shape, x, &weights, residual, self.activation)?)
            }
        }
    }

    /// The layer in training: the statistics of the convolution's result fall out of it while it is in the cache.
    fn train(
        &self,
        shape: Conv2dShape,
        x: &Tensor,
        residual: Option<&Tensor>,
        local: &LocalBatch,
        tape: &mut Tape,
    ) -> Result<Tensor> {
        let across = self.norm.across(&shape, local)?;
        let Convolved { y: z, moments, filters } =
            conv2d::with_moments(&shape, x, &self.weight.as_detached_tensor())?;
        let norm = self.norm.of_batch(moments, &shape, across, self.activation)?;
        let y = norm.forward(&z, residual)?;
        let step = Step {
            shape,
            weight: self.weight.clone(),
            filters,
            norm,
            x: x.clone(),
            z,
            y: y.clone(),
            residual: residual.cloned(),
        };
        let wanted = tape.wants(x);
        tape.record(&y, move |dy, gradients| step.backward(dy, wanted, gradients));
        Ok(y)
    }
}

/// What the backward pass of a layer needs.
struct Step {
    shape: Conv2dShape,
    weight: Var,
    filters: Option<Tensor>,
    norm: BatchNormStep,
    x: Tensor,
    /// The convolution's result.
    z: Tensor,
    y: Tensor,
    residual: Option<Tensor>,
}

impl Step {
    fn backward(&self, dy: &Tensor, wanted: bool, gradients: &mut Gradients) -> candle_core::Result<()> {
        let dz = self.norm.backward(&self.z, self.residual.as_ref(), &self.y, dy, gradients)?;
        let weight = self.weight.as_detached_tensor();
        gradients.put(&self.weight, conv2d::weight_gradient(&self.shape, &self.x, &dz, weight.dtype())?);
        if wanted {
            let added = gradients.take(&self.x);
            let filters = self.filters.as_ref();
            let dx = conv2d::input_gradient(&self.shape, &dz, &weight, filters, added.as_ref())?;
            gradients.put(&self.x, dx);
        }
        Ok(())
    }
}
