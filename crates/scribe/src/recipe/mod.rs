//! Recipes: an experiment as one commented file, which is read, changed by `--set`, checked, and named by a digest.

mod check;
mod check_data;
mod check_size;
mod checked;
mod classes;
mod data;
mod digest;
mod error;
mod files;
mod from_file;
mod hint;
mod known_classes;
mod network;
mod sections;
mod set;
mod words;

pub use checked::CheckedRecipe;
pub(crate) use classes::ClassesSetting;
pub(crate) use data::{DataSection, LabelFolderName, SyntheticSection, TrainSetName};
pub(crate) use error::RecipeError;
pub(crate) use files::FilesSection;
pub use network::NetworkName;
pub(crate) use network::NetworkSetting;
pub(crate) use sections::{EvalSection, GivenCondition, ModelRecipe, TrainSection};

use crate::preset;
use scribe_base::{excerpt, text_file};
use scribe_dataset::ClassMap;
use scribe_model::{DeepLabConfig, Precision};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Where a recipe's settings come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The paper's text, its gaps filled.
    PaperText,
    /// The authors' notebook.
    AuthorsCode,
    /// This project.
    Ours,
}

/// One experiment. Every key must be written down: there are no defaults, but for keys of
/// type `Option` and `train.sync_batch_norm`, whose documentation says what their absence means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Its name, which is also the name of its run unless `--name` gives another.
    pub name: String,
    /// Where its settings come from.
    pub source: Source,
    /// One training for each model and seed.
    pub seeds: Vec<u64>,
    /// The number format in which the networks compute; f32 where absent, the others need a GPU.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// The pictures.
    pub data: DataSection,
    /// The network.
    pub model: DeepLabConfig,
    /// The models that are compared.
    pub models: Vec<ModelRecipe>,
    /// The optimisation.
    pub train: TrainSection,
    /// The test.
    pub eval: EvalSection,
}

impl Recipe {
    /// Loads a preset by name or a file by path, applies the assignments (`key.path=value`) in order, and checks it.
    ///
    /// # Errors
    /// Names the recipe, the key and the value that cannot be used.
    pub fn load(name: &str, assignments: &[String]) -> Result<CheckedRecipe, RecipeError> {
        let (origin, text) = Self::text(name)?;
        let parse = |message: String| RecipeError::Parse {
            origin: origin.clone(),
            message: hint::with_hint(&excerpt::of_lines(&message)),
        };
        let mut table: toml::Table =
            toml::from_str(&text).map_err(|error: toml::de::Error| parse(error.to_string()))?;
        for assignment in assignments {
            set::assign(&mut table, assignment)?;
        }
        let recipe: Recipe = if assignments.is_empty() {
            // From the text, so that the message shows the line.
            toml::from_str(&text).map_err(|error| parse(error.to_string()))?
        } else {
            table.try_into().map_err(|error: toml::de::Error| {
                parse(format!("with --set {}: {}", assignments.join(" --set "), error.to_string().trim_end()))
            })?
        };
        let folder = Path::new(name).parent().unwrap_or(Path::new(""));
        recipe.resolved(folder)?.check()
    }

    /// The recipe without paths that depend on where it is, as [`Recipe::resolve`] says.
    fn resolved(mut self, folder: &Path) -> Result<Recipe, RecipeError> {
        let (resolved, recipe) = (self.resolve(folder), self.name.clone());
        resolved.map_err(|error| RecipeError::Classes { recipe, source: Box::new(error) })?;
        Ok(self)
    }

    /// Puts the content of files of classes and maps in the place of their paths, and whole paths in the place of those of
    /// weights.
    fn resolve(&mut self, folder: &Path) -> scribe_dataset::Result<()> {
        let classes = self.models.iter_mut().map(|model| &mut model.classes);
        for setting in classes.chain([&mut self.data.classes]) {
            *setting = setting.take().map(|classes| classes.resolved(folder)).transpose()?;
        }
        let files = self.models.iter_mut().filter_map(|model| model.weights.as_mut());
        // An empty path is refused later.
        for file in files.filter(|file| !file.as_os_str().is_empty()) {
            let beside = folder.join(&*file);
            let found = if beside.exists() || !file.exists() { beside.as_path() } else { file.as_path() };
            *file = std::path::absolute(found).unwrap_or_else(|_| found.to_owned());
        }
        let maps = self.models.iter_mut().map(|model| &mut model.map);
        for map in maps.chain([&mut self.data.map]) {
            *map = map.take().map(|map| ClassMap::rules_of(&map, folder)).transpose()?;
        }
        Ok(())
    }

    fn text(name: &str) -> Result<(String, String), RecipeError> {
        if let Some(text) = preset::find(name) {
            return Ok((format!("recipe {name}"), text.to_string()));
        }
        let path = Path::new(name);
        if path.extension().is_none_or(|extension| extension != "toml") {
            return Err(RecipeError::Unknown { name: name.to_string(), known: preset::names().join(", ") });
        }
        let text = text_file::read(path, text_file::DESCRIPTION)
            .map_err(|source| RecipeError::Read { path: path.to_path_buf(), source })?;
        Ok((name.to_string(), text))
    }
}
