//! The backbone alone, for heads of one's own.

use super::builder::{Builder, Source};
use super::config::DeepLabConfig;
use super::generator::Generator;
use super::phase::Phase;
use super::prepared::PreparedWeights;
use super::resnet::ResNet;
use crate::local_batch::LocalBatch;
use crate::ops::GpuMath;
use crate::parameters::Parameters;
use crate::recorded::Recorded;
use crate::tape::{Tape, in_graph};
use crate::{Result, input};
use candle_core::{DType, Device, ModuleT, Tensor};
use candle_nn::VarBuilder;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// ResNet-50 up to its last stage, without a head. The names of its parameters are torchvision's, such as
/// `layer1.0.conv1.weight`.
///
/// `forward_t` maps images `[N, 3, H, W]` to the last stage's output `[N, C, h, w]`. In training it uses and tracks the
/// batch's statistics and records the graph; in evaluation it uses the running statistics and records nothing.
#[derive(Debug)]
pub struct Backbone {
    network: ResNet,
    parameters: Parameters,
}

impl Backbone {
    /// A backbone with freshly drawn weights in f32. Of `net` only the output stride, the width and `bn_momentum` matter.
    ///
    /// # Errors
    /// [`crate::Error::Setting`] for a value outside its range.
    pub fn new(net: &DeepLabConfig, seed: u64, device: &Device) -> Result<Backbone> {
        let source = Source::Drawn(Box::new(ChaCha8Rng::seed_from_u64(seed)));
        Backbone::build(net, Parameters::new(DType::F32, device), source)
    }

    /// A backbone with the tensors of a [`VarBuilder`], in its number type and on its device.
    ///
    /// The tensors of a `VarMap` stay its variables, so an optimizer over the map trains this backbone too; what the map
    /// lacks, it draws by torchvision's rules. Use `vb.pp("backbone")` for the weights of a whole DeepLab.
    ///
    /// # Errors
    /// [`crate::Error::Setting`] for a value outside its range, and [`crate::Error::Tensor`] where `vb` has no tensor of a
    /// name or one of another shape. `num_batches_tracked` may be missing.
    pub fn from_var_builder(net: &DeepLabConfig, vb: VarBuilder<'_>) -> Result<Backbone> {
        let parameters = Parameters::new(vb.dtype(), vb.device());
        Backbone::build(net, parameters, Source::Given(vb))
    }

    fn build(net: &DeepLabConfig, mut parameters: Parameters, mut source: Source<'_>) -> Result<Backbone> {
        net.check()?;
        let network = ResNet::new(Builder::new(&mut parameters, &mut source), net)?;
        Ok(Backbone { network, parameters })
    }

    /// The last stage's output `[N, C, h, w]` in training, recorded for its gradients. It uses and tracks the batch's
    /// statistics. `x` itself gets no gradient.
    ///
    /// # Errors
    /// [`crate::Error::Input`] when `x` is not `[N, 3, H, W]` of the network's number type, and [`crate::Error::OneValue`] when a channel has a single value.
    pub fn record(&self, x: &Tensor) -> Result<Recorded> {
        let mut tape = Tape::default();
        Recorded::new(self.train(&x.detach(), &mut tape)?, tape)
    }

    fn train(&self, x: &Tensor, tape: &mut Tape) -> Result<Tensor> {
        input::check_images(x, self.parameters.dtype())?;
        // The backbone has no dropout, so nothing is drawn from this generator.
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let (rng, local) = (Generator::Own(&mut rng), LocalBatch::whole(x.dim(0)?));
        let math = GpuMath::Exact;
        Ok(self.network.forward(x, &mut Phase::Train { rng, local: &local, tape, math })?.high)
    }

    /// The backbone, prepared for many batches: its weights are folded and packed once. They must not change while it is in
    /// use: changed weights may or may not be seen.
    pub fn prepare(&self) -> PreparedBackbone<'_> {
        PreparedBackbone { backbone: self, weights: PreparedWeights::default() }
    }

    /// The number of channels of the last stage's output: 2048 at width 1.
    pub fn channels(&self) -> usize {
        self.network.high_channels
    }

    /// The tensors by name.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }
}

impl ModuleT for Backbone {
    fn forward_t(&self, x: &Tensor, train: bool) -> candle_core::Result<Tensor> {
        if !train {
            return Ok(self.prepare().features(x)?);
        }
        Ok(in_graph(x, &self.parameters, |x, tape| self.train(x, tape))?)
    }
}

/// A backbone whose weights are folded and packed once, for all batches that it is given.
#[derive(Debug)]
pub struct PreparedBackbone<'a> {
    backbone: &'a Backbone,
    weights: PreparedWeights,
}

impl PreparedBackbone<'_> {
    /// The last stage's output `[N, C, h, w]` for images `[N, 3, H, W]`, in evaluation.
    ///
    /// # Errors
    /// [`crate::Error::Input`] when `x` has another shape or number type.
    pub fn features(&self, x: &Tensor) -> Result<Tensor> {
        input::check_images(x, self.backbone.parameters.dtype())?;
        let mut phase = Phase::Eval { weights: &self.weights, math: GpuMath::Exact };
        Ok(self.backbone.network.forward(&x.detach(), &mut phase)?.high)
    }
}
