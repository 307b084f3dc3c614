//! The weights that trainings start from.

use super::run::Run;
use super::weights_file::WeightsFile;
use anyhow::{Context, bail};
use scribe_model::{LoadReport, Model, device};

/// Where the first weights come from. All models of a run start from the same file or seed, so networks of one seed have
/// the same first weights; they also see the same pictures in the same order, because both are drawn from the seed alone.
/// Intervals of the differences between them therefore draw their seeds together. The manifest's `trained` says for
/// which models this holds.
pub(super) enum StartingWeights {
    /// Freshly drawn weights.
    Seed,
    /// A backbone: every one of its tensors must be there, and nothing else is taken.
    Backbone(WeightsFile),
    /// A network: what fits is taken.
    Network(WeightsFile),
}

impl StartingWeights {
    /// Reads what the recipe and the call say.
    ///
    /// # Errors
    /// When the recipe needs a backbone that was not given, or the file holds no weights.
    pub(super) fn of(run: &Run) -> anyhow::Result<StartingWeights> {
        let (recipe, inputs) = (&run.recipe, &run.inputs);
        if let Some(path) = &inputs.init {
            return Ok(StartingWeights::Network(WeightsFile::read(path)?));
        }
        match &inputs.backbone {
            Some(path) if recipe.train.pretrained => Ok(StartingWeights::Backbone(WeightsFile::read(path)?)),
            Some(path) => bail!(
                "--backbone {}: recipe {} trains from scratch (train.pretrained = false) and would not read it; leave \
                 the flag out, or --set train.pretrained=true",
                path.display(),
                recipe.name
            ),
            None if recipe.train.pretrained => bail!(
                "recipe {} starts from a pretrained backbone: give --backbone FILE (.safetensors or .pth), \
                 or train from scratch with --set train.pretrained=false",
                recipe.name
            ),
            None => Ok(StartingWeights::Seed),
        }
    }

    /// The hash of the file. A run never resumes from weights that started elsewhere.
    pub(super) fn sha256(&self) -> Option<&str> {
        match self {
            StartingWeights::Seed => None,
            StartingWeights::Backbone(file) | StartingWeights::Network(file) => Some(&file.sha256),
        }
    }

    /// Tries the file on every model of the recipe, and logs once what each takes and leaves. A file that does not fit is
    /// found here, before the first model trains.
    ///
    /// # Errors
    /// Names the first model that the file does not fit.
    pub(super) fn check(&self, run: &Run) -> anyhow::Result<()> {
        let (StartingWeights::Backbone(file) | StartingWeights::Network(file)) = self else { return Ok(()) };
        let (cpu, seed) = (device::pick("cpu")?, run.recipe.seeds.first().copied().unwrap_or_default());
        for wanted in run.recipe.trained() {
            let model =
                Model::new(&run.recipe.model, &wanted.objective, run.recipe.classes().len(), seed, &cpu)?;
            let report = self.take(&model).with_context(|| format!("weights for {}", wanted.label))?;
            if let Some(report) = report {
                file.log(&wanted.label, &report);
            }
        }
        Ok(())
    }

    /// Loads the file into a model; [`StartingWeights::check`] has logged what of it is taken.
    ///
    /// # Errors
    /// When nothing of it fits, or a tensor of the backbone is missing.
    pub(super) fn load(&self, model: &Model) -> anyhow::Result<()> {
        self.take(model).map(drop)
    }

    fn take(&self, model: &Model) -> anyhow::Result<Option<LoadReport>> {
        Ok(match self {
            StartingWeights::Seed => None,
            StartingWeights::Backbone(file) => Some(model.take_backbone(&file.weights)?),
            StartingWeights::Network(file) => Some(model.take_fitting(&file.weights)?),
        })
    }
}
