//! ResNet-50 as torchvision builds it ("v1.5", with the stride in the 3x3 convolution).

use super::builder::Builder;
use super::config::DeepLabConfig;
use super::conv::{ConvNorm, ConvSpec};
use super::init::Init;
use super::phase::Phase;
use crate::Result;
use crate::ops::{Activation, max_pool};
use candle_core::Tensor;

const BLOCKS: [usize; 4] = [3, 4, 6, 3];
const PLANES: [usize; 4] = [64, 128, 256, 512];
/// A block's output channels over its inner channels.
const EXPANSION: usize = 4;
const INIT: Init = Init::KaimingNormalFanOut;

/// The stem and four stages.
#[derive(Debug)]
pub(crate) struct ResNet {
    stem: ConvNorm,
    stages: Vec<Vec<Bottleneck>>,
    /// Channels of the first stage's output (256 at width 1).
    pub(crate) low_channels: usize,
    /// Channels of the last stage's output (2048 at width 1).
    pub(crate) high_channels: usize,
}

/// The feature maps that a head uses.
pub(crate) struct Features {
    /// Output of stage 1, at a quarter of the image's size.
    pub(crate) low: Tensor,
    /// Output of stage 4, at the output stride.
    pub(crate) high: Tensor,
}

impl ResNet {
    pub(crate) fn new(mut b: Builder<'_, '_>, net: &DeepLabConfig) -> Result<ResNet> {
        let mut inputs = net.channels(64);
        let spec = ConvSpec { inputs: 3, outputs: inputs, kernel: 7, stride: 2, dilation: 1, init: INIT };
        let stem = ConvNorm::new(&mut b, ("conv1", "bn1"), spec, Activation::Relu, net.bn_momentum)?;
        let mut dilation = 1;
        let mut stages = Vec::new();
        for (index, (blocks, planes)) in BLOCKS.into_iter().zip(PLANES).enumerate() {
            let planes = net.channels(planes);
            let (stride, before) = (if index == 0 { 1 } else { 2 }, dilation);
            // As torchvision's `replace_stride_with_dilation`, the first block keeps the dilation of the stage before.
            let dilate = index >= net.output_stride.first_dilated_stage();
            let stride = if dilate { 1 } else { stride };
            dilation = if dilate { dilation * 2 } else { dilation };
            let mut stage = b.child(format!("layer{}", index + 1));
            let mut layers = Vec::new();
            for block in 0..blocks {
                let (stride, dilation) = if block == 0 { (stride, before) } else { (1, dilation) };
                let shape = Shape { inputs, planes, stride, dilation, project: block == 0 };
                layers.push(Bottleneck::new(stage.child(block), shape, net.bn_momentum)?);
                inputs = planes * EXPANSION;
            }
            stages.push(layers);
        }
        let low_channels = net.channels(PLANES[0]) * EXPANSION;
        Ok(ResNet { stem, stages, low_channels, high_channels: inputs })
    }

    pub(crate) fn forward(&self, x: &Tensor, phase: &mut Phase<'_>) -> Result<Features> {
        let mut x = pooled(self.stem.forward(x, None, phase)?, phase)?;
        let mut low = None;
        for stage in &self.stages {
            for block in stage {
                x = block.forward(&x, phase)?;
            }
            low.get_or_insert_with(|| x.clone());
        }
        Ok(Features { low: low.expect("there are four stages"), high: x })
    }
}

/// The pooling between the stem and the stages.
fn pooled(x: Tensor, phase: &mut Phase<'_>) -> Result<Tensor> {
    let (_, _, h, w) = x.dims4()?;
    let (y, winners) = max_pool::forward(&x, matches!(phase, Phase::Train { .. }))?;
    if let Some(winners) = winners {
        phase.record(&y, move |dy, gradients| gradients.add(&x, max_pool::backward(&winners, dy, [h, w])?));
    }
    Ok(y)
}

struct Shape {
    inputs: usize,
    planes: usize,
    stride: usize,
    dilation: usize,
    project: bool,
}

/// A 1x1, a 3x3 and a 1x1 convolution, with a shortcut around them.
#[derive(Debug)]
struct Bottleneck {
    reduce: ConvNorm,
    spatial: ConvNorm,
    expand: ConvNorm,
    shortcut: Option<ConvNorm>,
}

impl Bottleneck {
    fn new(mut b: Builder<'_, '_>, s: Shape, momentum: f64) -> Result<Bottleneck> {
        let outputs = s.planes * EXPANSION;
        let reduce = ConvSpec::pointwise(s.inputs, s.planes, INIT);
        let spatial = ConvSpec { stride: s.stride, ..ConvSpec::three(s.planes, s.planes, s.dilation, INIT) };
        let expand = ConvSpec::pointwise(s.planes, outputs, INIT);
        let shortcut = ConvSpec { stride: s.stride, ..ConvSpec::pointwise(s.inputs, outputs, INIT) };
        let reduce = ConvNorm::new(&mut b, ("conv1", "bn1"), reduce, Activation::Relu, momentum)?;
        let spatial = ConvNorm::new(&mut b, ("conv2", "bn2"), spatial, Activation::Relu, momentum)?;
        // The rectifier of the third convolution comes after the sum with the shortcut.
        let expand = ConvNorm::new(&mut b, ("conv3", "bn3"), expand, Activation::Relu, momentum)?;
        let mut project = || {
            let names = ("downsample.0", "downsample.1");
            ConvNorm::new(&mut b, names, shortcut, Activation::None, momentum)
        };
        let shortcut = if s.project { Some(project()?) } else { None };
        Ok(Bottleneck { reduce, spatial, expand, shortcut })
    }

    fn forward(&self, x: &Tensor, phase: &mut Phase<'_>) -> Result<Tensor> {
        let y = self.reduce.forward(x, None, phase)?;
        let y = self.spatial.forward(&y, None, phase)?;
        match &self.shortcut {
            Some(shortcut) => self.expand.forward(&y, Some(&shortcut.forward(x, None, phase)?), phase),
            None => self.expand.forward(&y, Some(x), phase),
        }
    }
}
