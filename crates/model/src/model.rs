//! A network with its objective: what training changes and evaluation asks.

use crate::confusion;
use crate::nn::{Builder, DeepLab, DeepLabConfig, Phase};
use crate::objective::{Objective, ObjectiveConfig, VoidRule};
use crate::ops::{self, GpuMath, VOID_LABEL};
use crate::parameters::Parameters;
use crate::precision::Precision;
use crate::predict::{Inference, Prediction, predict};
use crate::share::Share;
use crate::weights::{self, LoadReport, Take, Weights};
use crate::{Error, Result};
use candle_core::{DType, Device, Tensor};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::path::Path;

/// DeepLab and one of the three objectives.
#[derive(Debug)]
pub struct Model {
    network: DeepLab,
    objective: Box<dyn Objective>,
    parameters: Parameters,
    classes: usize,
    align_corners: bool,
    precision: Precision,
}

impl Model {
    /// A network with freshly drawn weights in f32; the same seed gives the same bytes.
    ///
    /// `classes` counts the background: 21 for PASCAL VOC.
    ///
    /// # Errors
    /// [`Error::Setting`] for a value outside its range.
    pub fn new(
        net: &DeepLabConfig,
        objective: &ObjectiveConfig,
        classes: usize,
        seed: u64,
        device: &Device,
    ) -> Result<Model> {
        Model::with_dtype(net, objective, classes, seed, DType::F32, device)
    }

    /// [`Model::new`] in another number type; f64 is slow and for checks of gradients.
    ///
    /// # Errors
    /// [`Error::Setting`] for a value outside its range.
    pub fn with_dtype(
        net: &DeepLabConfig,
        objective: &ObjectiveConfig,
        classes: usize,
        seed: u64,
        dtype: DType,
        device: &Device,
    ) -> Result<Model> {
        net.check()?;
        objective.check()?;
        if !(2..=255).contains(&classes) {
            let expected = "a number from 2 to 255 (255 is the void label)";
            return Err(Error::Setting { key: "classes", value: classes.to_string(), expected });
        }
        let bias = objective.prior_bias();
        let objective = objective.build(net.align_corners);
        let mut parameters = Parameters::new(dtype, device);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let builder = Builder::new(&mut parameters, &mut rng);
        let network = DeepLab::new(builder, net, objective.outputs(classes), bias)?;
        Ok(Model {
            network,
            objective,
            parameters,
            classes,
            align_corners: net.align_corners,
            precision: Precision::F32,
        })
    }

    /// A network with the weights of a file that [`Model::save`] wrote, or of torchvision's same network. The report says
    /// what was left out (torchvision's `aux_classifier.*`) and which counters the file does not have.
    ///
    /// # Errors
    /// [`Error::Incomplete`] when a tensor is missing (but counters of batch norms) or has no place, [`Error::Shape`] when
    /// one has another shape, and whatever [`Weights::read`] reports.
    pub fn load(
        net: &DeepLabConfig,
        objective: &ObjectiveConfig,
        classes: usize,
        path: &Path,
        device: &Device,
    ) -> Result<(Model, LoadReport)> {
        let model = Model::new(net, objective, classes, 0, device)?;
        let report = model.take_whole(&Weights::read(path)?)?;
        Ok((model, report))
    }

    /// Sets in which numbers the network computes; [`Precision::F32`] at first. TF32 is a setting of all networks of a
    /// process ([`crate::ops::set_gpu_math`]).
    ///
    /// # Errors
    /// [`Error::Setting`] for anything but f32 on a CPU, or in a network that is not f32.
    pub fn set_precision(&mut self, precision: Precision) -> Result<()> {
        let able = self.parameters.device().is_cuda() && self.parameters.dtype() == DType::F32;
        if precision != Precision::F32 && !able {
            let expected = "\"f32\", the only precision of a CPU";
            return Err(Error::Setting { key: "precision", value: precision.name().to_string(), expected });
        }
        ops::set_gpu_math(if precision == Precision::F32 { GpuMath::Exact } else { GpuMath::Tf32 });
        self.precision = precision;
        Ok(())
    }

    /// The pictures in the network's numbers.
    fn cast(&self, x: &Tensor) -> Result<Tensor> {
        match self.precision {
            Precision::Bf16 => Ok(x.to_dtype(DType::BF16)?),
            _ => Ok(x.clone()),
        }
    }

    /// Takes what the file has: a whole network, or a plain ResNet-50 ([`Weights::read`] says which files).
    ///
    /// # Errors
    /// [`Error::Shape`] when a tensor has another shape (nothing is changed then), whatever [`Weights::read`] reports, and
    /// [`Error::Weights`] when the file holds none of the network's names.
    pub fn load_weights(&self, path: &Path) -> Result<LoadReport> {
        weights::take(&self.parameters, &Weights::read(path)?, Take::Whole)
    }

    /// Takes a whole network: the file must give every tensor, and may give no others.
    ///
    /// # Errors
    /// [`Error::Incomplete`] when a tensor is missing (but counters of batch norms) or has no place, [`Error::Shape`] when
    /// one has another shape.
    pub fn take_whole(&self, weights: &Weights) -> Result<LoadReport> {
        let report = weights::take(&self.parameters, weights, Take::Whole)?;
        report.complete(weights.path())?;
        Ok(report)
    }

    /// Takes what fits, leaving tensors of another shape unused: the classifier of other classes or of another objective.
    ///
    /// # Errors
    /// [`Error::Weights`] when nothing of it fits.
    pub fn take_fitting(&self, weights: &Weights) -> Result<LoadReport> {
        weights::take(&self.parameters, weights, Take::Fitting)
    }

    /// Takes the trunk of a plain ResNet-50 or of a whole network, and leaves everything else out.
    ///
    /// # Errors
    /// [`Error::Trunk`] unless the whole trunk is there, [`Error::Shape`] when a tensor of it has another shape (nothing is
    /// changed in both cases), [`Error::Weights`] when nothing of it is there.
    pub fn take_backbone(&self, weights: &Weights) -> Result<LoadReport> {
        weights::take(&self.parameters, weights, Take::Trunk)
    }

    /// Writes every tensor to a `.safetensors` file under torchvision's names, through a temporary file.
    ///
    /// # Errors
    /// [`Error::Io`] when the folder cannot be written.
    pub fn save(&self, path: &Path) -> Result<()> {
        weights::save(&self.parameters, path)
    }

    /// The training loss of a batch: pictures `[N, 3, H, W]` (see [`crate::input`]), labels `[N, H, W]` of U8.
    ///
    /// Batch norm uses and tracks the batch's statistics; dropout is drawn from `rng`.
    ///
    /// # Errors
    /// When the sizes differ, a label is neither a class nor 255, or the batch holds one picture
    /// ([`Error::OneValue`]).
    pub fn loss(&self, x: &Tensor, labels: &Tensor, rng: &mut ChaCha8Rng) -> Result<Tensor> {
        self.loss_of_share(x, labels, rng, &Share::whole(x.dim(0)?))
    }

    /// The training loss of a share of a batch: [`Model::loss`] with the dropout, and where the share says so with the
    /// batch statistics, of the whole batch. It is the mean over the counted pixels of the share ([`Model::counted`]).
    ///
    /// # Errors
    /// As [`Model::loss`]; also when another process is gone.
    pub fn loss_of_share(
        &self,
        x: &Tensor,
        labels: &Tensor,
        rng: &mut ChaCha8Rng,
        share: &Share,
    ) -> Result<Tensor> {
        let v = self.network.forward(&self.cast(x)?, &mut Phase::Train(rng, share))?;
        self.objective.loss_of_outputs(&v, labels)
    }

    /// How many of these labels the loss counts: all, or all but void.
    pub fn counted(&self, labels: &[u8]) -> usize {
        match self.objective.head().void {
            VoidRule::Background => labels.len(),
            VoidRule::Ignore => labels.iter().filter(|label| **label != VOID_LABEL).count(),
        }
    }

    /// The logits `[N, classes, H, W]` in training, as [`Model::loss`] sees them.
    ///
    /// # Errors
    /// As [`Model::loss`].
    pub fn logits_train(&self, x: &Tensor, rng: &mut ChaCha8Rng) -> Result<Tensor> {
        let v = self.network.forward(&self.cast(x)?, &mut Phase::Train(rng, &Share::whole(x.dim(0)?)))?;
        self.objective.logits(&v, size(x)?)
    }

    /// The logits `[N, classes, H, W]` in evaluation: running statistics, no dropout, no graph kept. A picture's logits
    /// do not depend on the others of its batch.
    ///
    /// # Errors
    /// When `x` is not `[N, 3, H, W]`.
    pub fn logits_eval(&self, x: &Tensor) -> Result<Tensor> {
        self.objective.logits(&self.outputs(x)?, size(x)?)
    }

    /// Classes and scores of a batch, in evaluation.
    ///
    /// # Errors
    /// As [`Model::logits_eval`]; [`Error::Setting`] for bad scales and [`Error::Space`] for a score space that the
    /// objective does not have.
    pub fn predict(&self, x: &Tensor, how: &Inference) -> Result<Prediction> {
        predict(&x.detach(), how, self.objective.as_ref(), self.align_corners, |x| self.outputs(x))
    }

    /// Pixels by label and predicted class (one scale, largest logit): `[classes, classes]`, row-major, for pictures
    /// `[N, 3, H, W]` and labels `[N, H, W]` of U8; void ones are left out. On a GPU only these counts come back.
    ///
    /// # Errors
    /// When the sizes differ or a label is neither a class nor 255.
    pub fn confusion(&self, x: &Tensor, labels: &Tensor) -> Result<Vec<u64>> {
        confusion::of_outputs(&self.outputs(x)?, labels, self.objective.as_ref(), self.classes)
    }

    /// The network's tensors by name.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// The objective.
    pub fn objective(&self) -> &dyn Objective {
        self.objective.as_ref()
    }

    /// Number of classes, background included.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The network's outputs at feature resolution, in evaluation.
    fn outputs(&self, x: &Tensor) -> Result<Tensor> {
        self.network.forward(&self.cast(&x.detach())?, &mut Phase::Eval)
    }
}

fn size(x: &Tensor) -> Result<(usize, usize)> {
    let (_, _, height, width) = x.dims4()?;
    Ok((height, width))
}
