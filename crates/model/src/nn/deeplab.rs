//! DeepLabV3 and DeepLabV3+ with a ResNet-50 trunk.

use super::Builder;
use super::aspp::Aspp;
use super::conv::{Conv, ConvNorm, ConvSpec};
use super::decoder::PlusHead;
use super::init::Init;
use super::phase::Phase;
use super::resnet::ResNet;
use crate::ops::Activation;
use crate::{Error, Result};
use candle_core::Tensor;
use serde::{Deserialize, Serialize};

/// What refines ASPP's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decoder {
    /// Nothing that sees low-level features: DeepLabV3, as torchvision builds it.
    None,
    /// DeepLabV3+ with one 3x3 convolution.
    One,
    /// DeepLabV3+ with two 3x3 convolutions, as its paper describes.
    Two,
}

/// Input size over feature size at the trunk's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub enum Stride {
    /// 8: the last two stages are dilated.
    Eight,
    /// 16: the last stage is dilated.
    Sixteen,
    /// 32: nothing is dilated, as in a ResNet-50 for classification.
    ThirtyTwo,
}

/// The shape of a network. There is no default: recipes say every value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeepLabConfig {
    /// DeepLabV3 (`none`) or DeepLabV3+ (`one`, `two`).
    pub decoder: Decoder,
    /// 8, 16 or 32.
    pub output_stride: Stride,
    /// Dilations of ASPP's three 3x3 convolutions: 6/12/18 at stride 16, 12/24/36 at stride 8.
    pub rates: [usize; 3],
    /// Share of the newest batch in the running statistics, in (0, 1]; PyTorch's convention and default 0.1.
    pub bn_momentum: f64,
    /// Probability, in [0, 1), of dropping a value of ASPP's output in training.
    pub dropout: f64,
    /// Whether every bilinear resizing maps corner pixels onto corner pixels.
    pub align_corners: bool,
    /// Channel multiplier in (0, 4]; 1 is ResNet-50. Every count `c` but the picture's 3 and the outputs becomes
    /// `width * c` rounded to a multiple of 4, at least 4; a block still ends in 4 times its inner channels.
    pub width: f64,
}

impl DeepLabConfig {
    /// # Errors
    /// [`Error::Setting`] for the first value outside its range.
    pub fn check(&self) -> Result<()> {
        let bad = |key, value: String, expected| Err(Error::Setting { key, value, expected });
        if self.rates.contains(&0) {
            return bad("rates", format!("{:?}", self.rates), "three dilations of at least 1");
        }
        if !(self.bn_momentum > 0. && self.bn_momentum <= 1.) {
            return bad("bn_momentum", self.bn_momentum.to_string(), "a number in (0, 1]");
        }
        if !(0. ..1.).contains(&self.dropout) {
            return bad("dropout", self.dropout.to_string(), "a number in [0, 1)");
        }
        if !(self.width > 0. && self.width <= 4.) {
            return bad("width", self.width.to_string(), "a number in (0, 4]");
        }
        Ok(())
    }

    /// Channels of a layer that has `full` at width 1.
    pub(crate) fn channels(&self, full: usize) -> usize {
        ((full as f64 * self.width / 4.).round() as usize * 4).max(4)
    }
}

impl Stride {
    /// Index of the first stage whose stride becomes a dilation.
    pub(crate) fn first_dilated_stage(self) -> usize {
        match self {
            Stride::Eight => 2,
            Stride::Sixteen => 3,
            Stride::ThirtyTwo => 4,
        }
    }
}

impl TryFrom<u32> for Stride {
    type Error = String;

    fn try_from(value: u32) -> std::result::Result<Stride, String> {
        match value {
            8 => Ok(Stride::Eight),
            16 => Ok(Stride::Sixteen),
            32 => Ok(Stride::ThirtyTwo),
            other => Err(format!("output stride {other}: expected 8, 16 or 32")),
        }
    }
}

impl From<Stride> for u32 {
    fn from(stride: Stride) -> u32 {
        match stride {
            Stride::Eight => 8,
            Stride::Sixteen => 16,
            Stride::ThirtyTwo => 32,
        }
    }
}

/// A trunk and a head.
#[derive(Debug)]
pub(crate) struct DeepLab {
    trunk: ResNet,
    head: Head,
}

#[derive(Debug)]
enum Head {
    Plain(PlainHead),
    Plus(PlusHead),
}

impl DeepLab {
    /// `outputs` channels; `bias` sets the last layer's initial bias.
    pub(crate) fn new(
        mut b: Builder<'_>,
        net: &DeepLabConfig,
        outputs: usize,
        bias: Option<f64>,
    ) -> Result<DeepLab> {
        let trunk = ResNet::new(b.at("backbone"), net)?;
        let b = b.at("classifier");
        let head = match net.decoder {
            Decoder::None => Head::Plain(PlainHead::new(b, trunk.high_channels, outputs, net, bias)?),
            Decoder::One => Head::Plus(PlusHead::new(b, &trunk, outputs, 1, net, bias)?),
            Decoder::Two => Head::Plus(PlusHead::new(b, &trunk, outputs, 2, net, bias)?),
        };
        Ok(DeepLab { trunk, head })
    }

    /// `[N, 3, H, W]` to `[N, outputs, h, w]`: at the output stride for DeepLabV3, at a quarter for DeepLabV3+.
    pub(crate) fn forward(&self, x: &Tensor, phase: &mut Phase<'_>) -> Result<Tensor> {
        let features = self.trunk.forward(x, phase)?;
        match &self.head {
            Head::Plain(head) => head.forward(&features.high, phase),
            Head::Plus(head) => head.forward(&features, phase),
        }
    }
}

/// torchvision's `DeepLabHead`: ASPP, one 3x3 convolution, the classifier.
#[derive(Debug)]
struct PlainHead {
    aspp: Aspp,
    conv: ConvNorm,
    classifier: Conv,
}

impl PlainHead {
    fn new(
        mut b: Builder<'_>,
        inputs: usize,
        outputs: usize,
        net: &DeepLabConfig,
        bias: Option<f64>,
    ) -> Result<PlainHead> {
        let wide = net.channels(256);
        // torchvision leaves the head at PyTorch's default, uniform in ±1 / sqrt(fan in).
        let aspp = Aspp::new(b.at(0), inputs, net, Init::TorchDefault)?;
        let spec = ConvSpec::three(wide, wide, 1, Init::TorchDefault);
        let conv = ConvNorm::new(&mut b, ("1", "2"), spec, Activation::Relu, net.bn_momentum)?;
        let classifier = Conv::new(b.at(4), ConvSpec::pointwise(wide, outputs, Init::TorchDefault), bias)?;
        Ok(PlainHead { aspp, conv, classifier })
    }

    fn forward(&self, features: &Tensor, phase: &mut Phase<'_>) -> Result<Tensor> {
        let y = self.aspp.forward(features, phase)?;
        self.classifier.forward(&self.conv.forward(&y, None, phase)?, phase)
    }
}
