//! The weights that trainings start from.

use super::RunInputs;
use crate::recipe::Recipe;
use anyhow::{Context, bail};
use scribe_dataset::CLASSES;
use scribe_model::{LoadReport, Model, Weights, device};
use sha2::{Digest, Sha256};
use std::path::Path;

/// A file, or nothing but the seed. All contestants of a run start from the same one, so that networks of one seed have the
/// same first weights, and see the same pictures in the same order: [`super::train_all`] draws both from the seed alone.
/// Intervals of differences between them therefore draw their seeds together; the manifest's `trained` says for which
/// models this holds.
pub(super) enum Origin {
    /// Freshly drawn weights.
    Seed,
    /// A trunk: every one of its tensors must be there, and nothing else is taken.
    Backbone(File),
    /// A network: what fits is taken.
    Network(File),
}

/// A file as it was read, once: what is loaded is what was hashed.
pub(super) struct File {
    weights: Weights,
    sha256: String,
}

impl File {
    fn read(path: &Path) -> anyhow::Result<File> {
        let bytes = Weights::bytes(path)?;
        let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(File { weights: Weights::parse(path, &bytes)?, sha256 })
    }
}

impl Origin {
    /// What the recipe and the call say.
    ///
    /// # Errors
    /// When the recipe needs a backbone that was not given, or the file is no file of weights.
    pub(super) fn of(recipe: &Recipe, places: &RunInputs) -> anyhow::Result<Origin> {
        if let Some(path) = &places.init {
            return Ok(Origin::Network(File::read(path)?));
        }
        if !recipe.train.pretrained {
            if let Some(path) = &places.backbone {
                bail!(
                    "--backbone {}: recipe {} trains from scratch (train.pretrained = false) and would not read it; leave \
                     the flag out, or --set train.pretrained=true",
                    path.display(),
                    recipe.name
                );
            }
            return Ok(Origin::Seed);
        }
        let Some(path) = &places.backbone else {
            bail!(
                "recipe {} starts from a pretrained backbone: give --backbone FILE (.safetensors or .pth), \
                 or train from scratch with --set train.pretrained=false",
                recipe.name
            )
        };
        Ok(Origin::Backbone(File::read(path)?))
    }

    /// The hash of the file: a run never goes on from weights that started elsewhere.
    pub(super) fn sha256(&self) -> Option<&str> {
        match self {
            Origin::Seed => None,
            Origin::Backbone(file) | Origin::Network(file) => Some(&file.sha256),
        }
    }

    /// Tries the file on every model of the recipe, and says once what each takes and leaves: what does not fit is found
    /// here, before the first model trains.
    ///
    /// # Errors
    /// Names the first model that the file does not fit.
    pub(super) fn check(&self, recipe: &Recipe) -> anyhow::Result<()> {
        let (Origin::Backbone(file) | Origin::Network(file)) = self else { return Ok(()) };
        let (cpu, seed) = (device::pick("cpu")?, recipe.seeds.first().copied().unwrap_or_default());
        for contestant in &recipe.models {
            let model = Model::new(&recipe.model, &contestant.objective, CLASSES, seed, &cpu)?;
            let report = self.take(&model).with_context(|| format!("weights for {}", contestant.label))?;
            if let Some(report) = report {
                tell(&contestant.label, file.weights.path(), &report);
            }
        }
        Ok(())
    }

    /// Loads the file; [`Origin::check`] has said what of it is taken.
    ///
    /// # Errors
    /// When nothing of it fits, or a trunk is not whole.
    pub(super) fn load(&self, model: &Model) -> anyhow::Result<()> {
        self.take(model).map(drop)
    }

    fn take(&self, model: &Model) -> anyhow::Result<Option<LoadReport>> {
        Ok(match self {
            Origin::Seed => None,
            Origin::Backbone(file) => Some(model.take_backbone(&file.weights)?),
            Origin::Network(file) => Some(model.take_fitting(&file.weights)?),
        })
    }
}

/// Logs what a file gave to a model, and what it did not.
pub(super) fn tell(label: &str, path: &Path, report: &LoadReport) {
    tracing::info!("{label}: {}: {}", path.display(), report.summary());
}
