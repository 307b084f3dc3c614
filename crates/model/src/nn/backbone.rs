//! The trunk alone, for heads of one's own.

use super::phase::Phase;
use super::resnet::ResNet;
use super::{Builder, DeepLabConfig};
use crate::Result;
use crate::parameters::Parameters;
use crate::share::Share;
use candle_core::{DType, Device, Tensor};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// ResNet-50 up to its last stage, without a head; parameters have torchvision's names without a prefix.
#[derive(Debug)]
pub struct Backbone {
    trunk: ResNet,
    parameters: Parameters,
}

impl Backbone {
    /// Freshly drawn weights in f32; of `net` only stride, width and `bn_momentum` matter.
    ///
    /// # Errors
    /// [`crate::Error::Setting`] for a value outside its range.
    pub fn new(net: &DeepLabConfig, seed: u64, device: &Device) -> Result<Backbone> {
        net.check()?;
        let mut parameters = Parameters::new(DType::F32, device);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let trunk = ResNet::new(Builder::new(&mut parameters, &mut rng), net)?;
        Ok(Backbone { trunk, parameters })
    }

    /// The last stage's output `[N, C, h, w]` in training: batch statistics, gradients recorded.
    ///
    /// # Errors
    /// When `x` is not `[N, 3, H, W]`.
    pub fn features_train(&self, x: &Tensor) -> Result<Tensor> {
        // The trunk draws nothing; the generator only fills its place.
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        Ok(self.trunk.forward(x, &Phase::Train(&mut rng, &Share::whole(x.dim(0)?)))?.high)
    }

    /// The last stage's output in evaluation: running statistics, nothing recorded.
    ///
    /// # Errors
    /// When `x` is not `[N, 3, H, W]`.
    pub fn features_eval(&self, x: &Tensor) -> Result<Tensor> {
        Ok(self.trunk.forward(&x.detach(), &Phase::Eval)?.high)
    }

    /// Channels of the last stage's output: 2048 at width 1.
    pub fn channels(&self) -> usize {
        self.trunk.high_channels
    }

    /// The tensors by name.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }
}
