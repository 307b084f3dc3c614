//! A network with its objective: what training changes, and what evaluation predicts with.

mod create;
mod files;
mod module;
mod prepared;
mod recorded;

pub use prepared::PreparedModel;
pub use recorded::RecordedLoss;

use crate::local_batch::LocalBatch;
use crate::nn::{DeepLab, Generator, Phase};
use crate::objective::Objective;
use crate::ops::layout::{as_map, channels_last};
use crate::ops::{VOID_LABEL, VoidRule};
use crate::parameters::Parameters;
use crate::precision::Precision;
use crate::predict::{Inference, Prediction};
use crate::tape::{Tape, in_graph};
use crate::{Error, Result, input};
use candle_core::{DType, Tensor};
use rand_chacha::ChaCha8Rng;
use std::sync::Mutex;

/// A DeepLab with one of the three objectives.
///
/// A new one comes from [`Model::new`], one with weights from [`Model::load`] or [`Model::from_var_builder`]. It is a
/// `candle_nn::ModuleT`: `forward_t` maps images `[N, 3, H, W]` (see [`crate::input`]) to logits `[N, classes, H, W]`.
/// [`Model::loss`] is the objective's loss, and [`Model::predict`] gives classes and scores, at one scale or several.
///
/// ```
/// use candle_core::Device;
/// use rand::SeedableRng;
/// use scribe_model::{Decoder, DeepLabConfig, Inference, Model, ObjectiveConfig, Stride, VoidRule, input};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // A sixteenth of ResNet-50's channels.
/// let net = DeepLabConfig {
///     decoder: Decoder::None,
///     output_stride: Stride::Sixteen,
///     rates: [6, 12, 18],
///     bn_momentum: 0.1,
///     dropout: 0.1,
///     align_corners: false,
///     width: 0.0625,
/// };
/// let objective = ObjectiveConfig::Softmax { void: VoidRule::Ignore };
/// let model = Model::new(&net, &objective, 21, 1, &Device::Cpu)?;
///
/// // Two grey images of 32 x 32, labelled as background.
/// let x = input::from_rgb(&[&[128; 32 * 32 * 3], &[90; 32 * 32 * 3]], 32, 32, &Device::Cpu)?;
/// let labels = input::labels(&[0; 2 * 32 * 32], [2, 32, 32], &Device::Cpu)?;
/// let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
/// let gradients = model.loss(&x, &labels, &mut rng)?.backward()?;
/// assert!(model.parameters().trainable().all(|(_, var)| gradients.get(var).is_some()));
///
/// let prediction = model.predict(&x, &Inference::Single)?;
/// assert_eq!(prediction.classes.len(), 2 * 32 * 32);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Model {
    network: DeepLab,
    objective: Objective,
    parameters: Parameters,
    classes: usize,
    align_corners: bool,
    precision: Precision,
    /// Of `forward_t`, which has no argument for it.
    dropout: Mutex<ChaCha8Rng>,
}

impl Model {
    /// The loss of a batch in training: images `[N, 3, H, W]` (see [`crate::input`]) with labels `[N, H, W]` of U8.
    ///
    /// Batch norm uses and tracks the batch's statistics, and dropout is drawn from `rng`.
    ///
    /// # Errors
    /// [`Error::Input`] when the images or the labels have another shape or type, [`Error::OneValue`] when the batch holds
    /// one image, and [`Error::Tensor`] when a label is neither a class nor 255.
    pub fn loss(&self, x: &Tensor, labels: &Tensor, rng: &mut ChaCha8Rng) -> Result<Tensor> {
        self.loss_of_local_batch(x, labels, rng, &LocalBatch::whole(x.dim(0)?))
    }

    /// [`Model::loss`] of the images that this process computes of a larger batch. It is the mean over the pixels of these
    /// images that count ([`Model::counted`]).
    ///
    /// # Errors
    /// As [`Model::loss`], and when another process is gone.
    pub fn loss_of_local_batch(
        &self,
        x: &Tensor,
        labels: &Tensor,
        rng: &mut ChaCha8Rng,
        local: &LocalBatch,
    ) -> Result<Tensor> {
        let math = self.precision.math();
        let run = |x: &Tensor, tape: &mut Tape| {
            self.network.forward(x, &mut Phase::Train { rng: Generator::Own(rng), local, tape, math })
        };
        let x = self.images(x)?;
        input::check_labels(labels, &x)?;
        let v = in_graph(&x, &self.parameters, run)?;
        self.objective.loss_of_outputs(&v, labels)
    }

    /// The number of these labels that the loss counts: all, or all but void.
    pub fn counted(&self, labels: &[u8]) -> usize {
        match self.objective.head().void {
            VoidRule::Background => labels.len(),
            VoidRule::Ignore => labels.iter().filter(|label| **label != VOID_LABEL).count(),
        }
    }

    /// Classes and scores of a batch `[N, 3, H, W]`, in evaluation. The prediction of an image does not depend on the
    /// others of its batch.
    ///
    /// # Errors
    /// [`Error::Input`] when `x` has another shape or number type than the network's, [`Error::Setting`] for scales that
    /// cannot be, [`Error::Space`] for a score space that the objective does not have, and [`Error::NotFinite`] where the
    /// network's outputs hold a NaN or an infinity.
    pub fn predict(&self, x: &Tensor, how: &Inference) -> Result<Prediction> {
        self.prepare().predict(x, how)
    }

    /// The confusion matrix of a batch at one scale: the number of pixels by label and predicted class, `[classes, classes]`
    /// in row-major order. Images are `[N, 3, H, W]` and labels `[N, H, W]` of U8; void pixels are left out. On a GPU only
    /// these counts are copied back.
    ///
    /// # Errors
    /// [`Error::Input`] when the images or the labels have another shape or type, and [`Error::Tensor`] when a label is
    /// neither a class nor 255.
    pub fn confusion(&self, x: &Tensor, labels: &Tensor) -> Result<Vec<u64>> {
        self.prepare().confusion(x, labels)
    }

    /// Sets the numbers in which this network computes its activations and its products; a new one computes in
    /// [`Precision::F32`].
    ///
    /// # Errors
    /// [`Error::Setting`] for anything but f32 on a CPU, or in a network that is not f32.
    pub fn set_precision(&mut self, precision: Precision) -> Result<()> {
        let able = self.parameters.device().is_cuda() && self.parameters.dtype() == DType::F32;
        if precision != Precision::F32 && !able {
            let expected = "\"f32\", the only precision of a CPU";
            return Err(Error::Setting { name: "precision", value: precision.name().to_string(), expected });
        }
        self.precision = precision;
        Ok(())
    }

    /// The network's tensors by name.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The objective.
    pub fn objective(&self) -> &Objective {
        &self.objective
    }

    /// The number of classes, background included.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The images in the network's numbers.
    ///
    /// # Errors
    /// [`Error::Input`] when they are none that the network takes.
    fn images(&self, x: &Tensor) -> Result<Tensor> {
        input::check_images(x, self.parameters.dtype())?;
        match self.precision {
            // In the order of memory, which candle's conversion would otherwise change.
            Precision::Bf16 => Ok(as_map(&channels_last(x)?.to_dtype(DType::BF16)?)?),
            _ => Ok(x.clone()),
        }
    }
}
