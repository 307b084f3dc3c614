//! A convolution, and a convolution with its batch norm.

use super::builder::Builder;
use super::init::Init;
use super::norm::BatchNorm;
use super::phase::Phase;
use crate::Result;
use crate::ops::{Activation, Conv2dConfig, conv2d, conv2d_normalised};
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

    pub(crate) fn forward(&self, x: &Tensor, phase: &Phase<'_>) -> Result<Tensor> {
        Ok(conv2d(x, &phase.tensor(&self.weight), Some(&phase.tensor(&self.bias)), self.config)?)
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

    pub(crate) fn forward(&self, x: &Tensor, residual: Option<&Tensor>, phase: &Phase<'_>) -> Result<Tensor> {
        let weight = phase.tensor(&self.weight);
        if let Phase::Eval = phase {
            let affine = self.norm.affine()?;
            return Ok(conv2d_normalised(x, &weight, self.config, affine, residual, self.activation)?);
        }
        let y = conv2d(x, &weight, None, self.config)?;
        self.norm.forward(&y, residual, self.activation, phase)
    }
}
