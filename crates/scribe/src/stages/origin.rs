//! The weights that trainings start from.

use super::Places;
use crate::recipe::Recipe;
use anyhow::{Context, bail};
use scribe_model::Model;
use sha2::{Digest, Sha256};
use std::path::PathBuf;

/// A file, or nothing but the seed. All contestants of a run start from the same one, so that networks of one seed have the
/// same first weights, and see the same pictures in the same order: [`super::train_all`] draws both from the seed alone.
/// Intervals of differences between them therefore draw their seeds together; the manifest's `trained` says for which
/// models this holds.
pub(super) enum Origin {
    /// Freshly drawn weights.
    Seed,
    /// A trunk: every one of its tensors must be there.
    Backbone { path: PathBuf, sha256: String },
    /// A network: what fits is taken.
    Network { path: PathBuf, sha256: String },
}

impl Origin {
    /// What the recipe and the call say.
    ///
    /// # Errors
    /// When the recipe needs a backbone that was not given, or the file cannot be read.
    pub(super) fn of(recipe: &Recipe, places: &Places) -> anyhow::Result<Origin> {
        if let Some(path) = &places.init {
            return Ok(Origin::Network { path: path.clone(), sha256: hash(path)? });
        }
        if !recipe.train.pretrained {
            return Ok(Origin::Seed);
        }
        let Some(path) = &places.backbone else {
            bail!(
                "recipe {} starts from a pretrained backbone: give --backbone FILE (.safetensors or .pth), \
                 or train from scratch with --set train.pretrained=false",
                recipe.name
            )
        };
        Ok(Origin::Backbone { path: path.clone(), sha256: hash(path)? })
    }

    /// A training's digest with the file's content: a run never goes on from weights that started elsewhere.
    pub(super) fn mark(&self, digest: String) -> String {
        match self {
            Origin::Seed => digest,
            Origin::Backbone { sha256, .. } | Origin::Network { sha256, .. } => {
                format!("{digest}+{}", &sha256[..16])
            }
        }
    }

    /// Loads the file and says every name that is missing or unused.
    ///
    /// # Errors
    /// When nothing of it fits, or a trunk is not whole.
    pub(super) fn load(&self, model: &Model) -> anyhow::Result<()> {
        let (path, report) = match self {
            Origin::Seed => return Ok(()),
            Origin::Backbone { path, .. } => (path, model.load_weights(path)?),
            Origin::Network { path, .. } => (path, model.load_fitting(path)?),
        };
        let missing: Vec<_> = report.missing.iter().filter(|name| name.starts_with("backbone.")).collect();
        if !missing.is_empty() && matches!(self, Origin::Backbone { .. }) {
            bail!("{}: the backbone's {missing:?} are missing", path.display());
        }
        let loaded = report.loaded.len();
        tracing::info!("{}: {loaded} tensors loaded, unused: {:?}", path.display(), report.unused);
        if matches!(self, Origin::Network { .. }) && !report.missing.is_empty() {
            tracing::warn!("{}: freshly drawn, not in the file: {:?}", path.display(), report.missing);
        }
        Ok(())
    }
}

fn hash(path: &PathBuf) -> anyhow::Result<String> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}
