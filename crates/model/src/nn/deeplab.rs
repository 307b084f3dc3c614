//! DeepLabV3 and DeepLabV3+ on a ResNet-50.

use super::aspp::Aspp;
use super::builder::Builder;
use super::config::{Decoder, DeepLabConfig};
use super::conv::{Conv, ConvNorm, ConvSpec};
use super::decoder::PlusHead;
use super::init::Init;
use super::phase::Phase;
use super::resnet::ResNet;
use crate::Result;
use crate::ops::Activation;
use candle_core::Tensor;

/// A backbone with a head.
#[derive(Debug)]
pub(crate) struct DeepLab {
    backbone: ResNet,
    head: Head,
}

#[derive(Debug)]
enum Head {
    Plain(PlainHead),
    Plus(PlusHead),
}

impl DeepLab {
    /// A network with `outputs` output channels. `bias` is the initial bias of the last layer; without it PyTorch's default
    /// is drawn.
    pub(crate) fn new(
        mut b: Builder<'_, '_>,
        net: &DeepLabConfig,
        outputs: usize,
        bias: Option<f64>,
    ) -> Result<DeepLab> {
        let backbone = ResNet::new(b.child("backbone"), net)?;
        let b = b.child("classifier");
        let head = match net.decoder {
            Decoder::None => Head::Plain(PlainHead::new(b, backbone.high_channels, outputs, net, bias)?),
            Decoder::One => Head::Plus(PlusHead::new(b, &backbone, outputs, 1, net, bias)?),
            Decoder::Two => Head::Plus(PlusHead::new(b, &backbone, outputs, 2, net, bias)?),
        };
        Ok(DeepLab { backbone, head })
    }

    /// Maps `[N, 3, H, W]` to `[N, outputs, h, w]`, at the output stride for DeepLabV3 and at a quarter of the image's size
    /// for DeepLabV3+.
    pub(crate) fn forward(&self, x: &Tensor, phase: &mut Phase<'_>) -> Result<Tensor> {
        let features = self.backbone.forward(x, phase)?;
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
        mut b: Builder<'_, '_>,
        inputs: usize,
        outputs: usize,
        net: &DeepLabConfig,
        bias: Option<f64>,
    ) -> Result<PlainHead> {
        let wide = net.channels(256);
        // torchvision leaves the head at PyTorch's default, uniform in ±1 / sqrt(fan in).
        let aspp = Aspp::new(b.child(0), inputs, net, Init::TorchDefault)?;
        let spec = ConvSpec::three(wide, wide, 1, Init::TorchDefault);
        let conv = ConvNorm::new(&mut b, ("1", "2"), spec, Activation::Relu, net.bn_momentum)?;
        let classifier = Conv::new(b.child(4), ConvSpec::pointwise(wide, outputs, Init::TorchDefault), bias)?;
        Ok(PlainHead { aspp, conv, classifier })
    }

    fn forward(&self, features: &Tensor, phase: &mut Phase<'_>) -> Result<Tensor> {
        let y = self.aspp.forward(features, phase)?;
        self.classifier.forward(&self.conv.forward(&y, None, phase)?, phase)
    }
}
