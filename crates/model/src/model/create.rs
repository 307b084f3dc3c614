//! New models: with drawn weights, with those of a file, or with those of a [`VarBuilder`].

use super::Model;
use crate::nn::{Builder, DeepLab, DeepLabConfig, Source};
use crate::objective::ObjectiveConfig;
use crate::parameters::Parameters;
use crate::precision::Precision;
use crate::weights::{LoadReport, Weights};
use crate::{Error, Result};
use candle_core::{DType, Device};
use candle_nn::VarBuilder;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use std::path::Path;
use std::sync::Mutex;

impl Model {
    /// A model with freshly drawn weights in f32. The same seed gives the same bytes.
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

    /// [`Model::new`] in another number type. F64 is slow, and meant for checks of gradients.
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
        let source = Source::Drawn(Box::new(ChaCha8Rng::seed_from_u64(seed)));
        let mut model = build(net, objective, classes, Parameters::new(dtype, device), source)?;
        model.seed_dropout(seed);
        Ok(model)
    }

    /// A model with the weights of a file that [`Model::save`] wrote, or of torchvision's same network. The report names
    /// what was left out (torchvision's `aux_classifier.*`) and the counters that the file does not have.
    ///
    /// # Errors
    /// [`Error::Incomplete`] when a tensor is missing (except counters of batch norms) or has no place, [`Error::Outputs`]
    /// for a file of another number of classes, [`Error::Shape`] when another tensor has another shape, [`Error::Setting`] for a
    /// value outside its range, and whatever [`Weights::read`] reports.
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

    /// A model with the tensors of a [`VarBuilder`], in its number type and on its device, under torchvision's names
    /// (`backbone.layer1.0.conv1.weight`, `classifier.4.bias`).
    ///
    /// The tensors of a `VarMap` stay its variables, so an optimizer over the map trains this model too; what the map
    /// lacks, it draws by torchvision's rules. Tensors of the source that the network does not have are ignored.
    ///
    /// # Errors
    /// [`Error::Setting`] for a value outside its range, and [`Error::Tensor`] where `vb` has no tensor of a name or one
    /// of another shape. `num_batches_tracked` may be missing.
    pub fn from_var_builder(
        net: &DeepLabConfig,
        objective: &ObjectiveConfig,
        classes: usize,
        vb: VarBuilder<'_>,
    ) -> Result<Model> {
        let parameters = Parameters::new(vb.dtype(), vb.device());
        build(net, objective, classes, parameters, Source::Given(vb))
    }
}

fn build(
    net: &DeepLabConfig,
    objective: &ObjectiveConfig,
    classes: usize,
    mut parameters: Parameters,
    mut source: Source<'_>,
) -> Result<Model> {
    net.check()?;
    objective.check()?;
    if !(2..=255).contains(&classes) {
        let expected = "a number from 2 to 255 (255 is the void label)";
        return Err(Error::Setting { name: "classes", value: classes.to_string(), expected });
    }
    let bias = objective.prior_bias();
    let objective = objective.build(net.align_corners);
    let builder = Builder::new(&mut parameters, &mut source);
    let network = DeepLab::new(builder, net, objective.outputs(classes), bias)?;
    Ok(Model {
        network,
        objective,
        parameters,
        classes,
        align_corners: net.align_corners,
        precision: Precision::F32,
        dropout: Mutex::new(ChaCha8Rng::seed_from_u64(0)),
    })
}
