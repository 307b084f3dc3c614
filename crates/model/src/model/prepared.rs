//! A model prepared for many predictions.

use super::Model;
use crate::nn::{Phase, PreparedWeights};
use crate::ops::confusion;
use crate::predict::{Inference, Prediction, QueuedPrediction, Reader, queue, turn};
use crate::{Result, input};
use candle_core::Tensor;

/// A model whose weights are folded and packed once, for all predictions that are made with it, on any number of threads.
///
/// ```
/// # use candle_core::Device;
/// # use scribe_model::{Decoder, DeepLabConfig, Inference, Model, ObjectiveConfig, Stride, VoidRule, input};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let net = DeepLabConfig {
/// #     decoder: Decoder::None,
/// #     output_stride: Stride::Sixteen,
/// #     rates: [6, 12, 18],
/// #     bn_momentum: 0.1,
/// #     dropout: 0.1,
/// #     align_corners: false,
/// #     width: 0.0625,
/// # };
/// let model = Model::new(&net, &ObjectiveConfig::Softmax { void: VoidRule::Ignore }, 21, 1, &Device::Cpu)?;
/// let prepared = model.prepare();
/// for grey in [90, 128] {
///     let x = input::from_rgb(&[&[grey; 32 * 32 * 3]], 32, 32, &Device::Cpu)?;
///     assert_eq!(prepared.predict(&x, &Inference::Single)?.classes.len(), 32 * 32);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct PreparedModel<'a> {
    model: &'a Model,
    weights: PreparedWeights,
}

impl Model {
    /// The model, prepared for many predictions. Its weights must not change while it is in use: changed weights may or may
    /// not be seen.
    pub fn prepare(&self) -> PreparedModel<'_> {
        PreparedModel { model: self, weights: PreparedWeights::default() }
    }
}

impl PreparedModel<'_> {
    /// The model itself.
    pub fn model(&self) -> &Model {
        self.model
    }

    /// As [`Model::predict`].
    ///
    /// # Errors
    /// As [`Model::predict`].
    pub fn predict(&self, x: &Tensor, how: &Inference) -> Result<Prediction> {
        self.queue(x, how, false)?.wait()
    }

    /// As [`Model::predict`], but on a GPU only queued, so that the next batch can follow without a pause. With `moments`,
    /// [`Prediction::moments`] are computed too, where the device can.
    ///
    /// Threads may queue predictions on one GPU; each call queues all work of its batch before another begins.
    ///
    /// # Errors
    /// As [`Model::predict`]; on a GPU, [`crate::Error::NotFinite`] comes from [`QueuedPrediction::wait`].
    pub fn queue(&self, x: &Tensor, how: &Inference, moments: bool) -> Result<QueuedPrediction> {
        let model = self.model;
        input::check_images(x, model.parameters.dtype())?;
        let _turn = turn(x);
        let reader = Reader { objective: &model.objective, align_corners: model.align_corners, moments };
        queue(&x.detach(), how, &reader, |x| self.outputs(x))
    }

    /// As [`Model::confusion`].
    ///
    /// # Errors
    /// As [`Model::confusion`].
    pub fn confusion(&self, x: &Tensor, labels: &Tensor) -> Result<Vec<u64>> {
        input::check_images(x, self.model.parameters.dtype())?;
        input::check_labels(labels, x)?;
        let (v, readout) = self.model.objective.head().readout(&self.outputs(x)?)?;
        Ok(confusion(&v, labels, readout)?)
    }

    /// The logits `[N, classes, H, W]` of images `[N, 3, H, W]`, at one scale.
    ///
    /// # Errors
    /// [`crate::Error::Input`] when `x` has another shape or number type.
    pub fn logits(&self, x: &Tensor) -> Result<Tensor> {
        let outputs = self.outputs(x)?;
        let (_, _, height, width) = x.dims4()?;
        self.model.objective.logits(&outputs, (height, width))
    }

    /// The network's outputs at feature resolution, in evaluation.
    pub(super) fn outputs(&self, x: &Tensor) -> Result<Tensor> {
        let x = self.model.images(&x.detach())?;
        let math = self.model.precision.math();
        self.model.network.forward(&x, &mut Phase::Eval { weights: &self.weights, math })
    }
}
