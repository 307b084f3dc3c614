//! The head of DeepLabV3+: ASPP, joined with the backbone's first stage and refined at a quarter of the image's size.

use super::aspp::{Aspp, join};
use super::builder::Builder;
use super::config::DeepLabConfig;
use super::conv::{Conv, ConvNorm, ConvSpec};
use super::init::Init;
use super::phase::Phase;
use super::resnet::{Features, ResNet};
use crate::Result;
use crate::ops::resizing::Resizing;
use crate::ops::{Activation, bilinear};
use candle_core::Tensor;

const INIT: Init = Init::KaimingNormalFanIn;

/// ASPP, the projection of the low-level features to 48 channels, one or two 3x3 convolutions, and the classifier.
#[derive(Debug)]
pub(crate) struct PlusHead {
    aspp: Aspp,
    project: ConvNorm,
    refine: Vec<ConvNorm>,
    classifier: Conv,
    align_corners: bool,
}

impl PlusHead {
    pub(crate) fn new(
        mut b: Builder<'_, '_>,
        backbone: &ResNet,
        outputs: usize,
        convolutions: usize,
        net: &DeepLabConfig,
        bias: Option<f64>,
    ) -> Result<PlusHead> {
        let (low, wide) = (net.channels(48), net.channels(256));
        let (relu, momentum) = (Activation::Relu, net.bn_momentum);
        let spec = ConvSpec::pointwise(backbone.low_channels, low, INIT);
        let project = ConvNorm::new(&mut b.child("project"), ("0", "1"), spec, relu, momentum)?;
        let aspp = Aspp::new(b.child("aspp"), backbone.high_channels, net, INIT)?;
        let mut refine = Vec::new();
        let mut b = b.child("classifier");
        for index in 0..convolutions {
            let inputs = if index == 0 { low + wide } else { wide };
            let names = [format!("{}", 3 * index), format!("{}", 3 * index + 1)];
            let spec = ConvSpec::three(inputs, wide, 1, INIT);
            refine.push(ConvNorm::new(&mut b, (&names[0], &names[1]), spec, relu, momentum)?);
        }
        let spec = ConvSpec::pointwise(wide, outputs, INIT);
        let classifier = Conv::new(b.child(3 * convolutions), spec, bias)?;
        Ok(PlusHead { aspp, project, refine, classifier, align_corners: net.align_corners })
    }

    pub(crate) fn forward(&self, features: &Features, phase: &mut Phase<'_>) -> Result<Tensor> {
        let low = self.project.forward(&features.low, None, phase)?;
        let (_, _, h, w) = low.dims4()?;
        let high = self.aspp.forward(&features.high, phase)?;
        let high = resized(&high, (h, w), self.align_corners, phase)?;
        let mut x = join(&[low, high], phase)?;
        for conv in &self.refine {
            x = conv.forward(&x, None, phase)?;
        }
        self.classifier.forward(&x, phase)
    }
}

/// The map, resized.
fn resized(
    x: &Tensor,
    (out_h, out_w): (usize, usize),
    align_corners: bool,
    phase: &mut Phase<'_>,
) -> Result<Tensor> {
    let (_, _, h, w) = x.dims4()?;
    if (h, w) == (out_h, out_w) {
        return Ok(x.clone());
    }
    let resizing = Resizing { h, w, out_h, out_w, align_corners };
    let y = bilinear::forward(x, &resizing)?;
    let x = x.clone();
    phase.record(&y, move |dy, gradients| gradients.add(&x, bilinear::backward(dy, &resizing)?));
    Ok(y)
}
