//! Under which names, in which mode and with which classes another program's network is entered.

use super::inferences::inferences;
use super::run::Run;
use crate::recipe::Recipe;
use anyhow::{Context, bail};
use scribe_dataset::KnownClasses;
use scribe_model::Inference;
use scribe_records::{Mode, ModelId, ModelInfo, Store};
use std::path::Path;

/// The names, the mode and the classes of a network that the recipe does not have.
#[derive(Clone, Debug)]
pub struct EnteredAs {
    /// The id of the model in keys.
    pub id: String,
    /// The name of the model in tables; without one, the name that the store has, and for a new model its id.
    pub label: Option<String>,
    /// The mode under which its predictions are entered.
    pub mode: String,
    /// The classes that it predicts, a preset or a file, where they are not those that are scored.
    pub classes: Option<String>,
    /// How these become the scored ones: rules, or a file of them.
    pub map: Option<String>,
}

impl EnteredAs {
    /// The id.
    ///
    /// # Errors
    /// When the id or the label cannot be used, or a model of the recipe has the id.
    pub(super) fn model_id(&self, run: &Run) -> anyhow::Result<ModelId> {
        if let Some(label) = &self.label {
            scribe_records::check_label(label).context("--label")?;
        }
        self.check_id(&run.recipe, "--as")
    }

    /// The id, which the argument `flag` gave.
    ///
    /// # Errors
    /// When the id cannot be used, or a model of the recipe has it.
    pub(super) fn check_id(&self, recipe: &Recipe, flag: &'static str) -> anyhow::Result<ModelId> {
        let id = ModelId::new(&self.id).context(flag)?;
        if recipe.models.iter().any(|model| model.id == self.id) {
            bail!("{flag} {id}: the recipe has a model of that id (expected another id)");
        }
        Ok(id)
    }

    /// The mode, and the inference that it stands for.
    ///
    /// # Errors
    /// There is no such mode.
    pub(super) fn modes(&self, run: &Run) -> anyhow::Result<Vec<(Mode, Inference)>> {
        inferences(&run.recipe, std::slice::from_ref(&self.mode))
    }

    /// The classes, where they are not those that are scored, and how many there are.
    ///
    /// # Errors
    /// They cannot be read, or do not lead to those that are scored.
    pub(super) fn known(&self, run: &Run) -> anyhow::Result<(Option<KnownClasses>, usize)> {
        let known = run.recipe.known_of(self.classes.as_deref(), self.map.as_deref());
        let known = known.context("--map, --classes")?;
        let count = known.as_ref().map_or(run.recipe.classes().len(), |known| known.table.len());
        Ok((known, count))
    }

    /// The model as the store at `path` has it, if there is one.
    ///
    /// # Errors
    /// The store cannot be read.
    pub(super) fn earlier(&self, path: &Path) -> anyhow::Result<Option<ModelInfo>> {
        let id = ModelId::new(&self.id)?;
        let store = path.exists().then(|| Store::open(path)).transpose()?;
        Ok(store.as_ref().and_then(|store| store.manifest().model(&id, 0)).cloned())
    }

    /// The model as it is entered for the first time.
    ///
    /// # Errors
    /// The id cannot be used.
    pub(super) fn new_model(&self, objective: &str, checkpoint_sha256: String) -> anyhow::Result<ModelInfo> {
        Ok(ModelInfo {
            label: self.label.clone().unwrap_or_else(|| self.id.clone()),
            id: ModelId::new(&self.id)?,
            objective: objective.to_owned(),
            seed: 0,
            checkpoint_sha256,
            file: String::new(),
            trained: false,
        })
    }

    /// The model of the store under the label that is given now, if one is.
    pub(super) fn relabelled(&self, earlier: ModelInfo) -> ModelInfo {
        let label = self.label.clone().unwrap_or_else(|| earlier.label.clone());
        ModelInfo { label, ..earlier }
    }
}

/// Refuses the label of one of the recipe's models.
///
/// # Errors
/// Names the model.
pub(super) fn check_label_is_free(run: &Run, info: &ModelInfo) -> anyhow::Result<()> {
    match run.recipe.models.iter().find(|model| model.label == info.label) {
        Some(model) => bail!(
            "--label {}: the recipe's model `{}` is called so (expected another label: two rows of one name could not be \
             told apart)",
            info.label,
            model.id
        ),
        None => Ok(()),
    }
}
