//! What can be wrong with a recipe.

use scribe_base::nearest::did_you_mean;
use std::path::PathBuf;

/// The errors of recipes. Each names the key and the value, and says what would have been accepted.
#[derive(Debug, thiserror::Error)]
pub enum RecipeError {
    /// Neither a preset nor a file.
    #[error("no recipe '{name}': {}expected one of {known}, or the path of a .toml file", did_you_mean(name, known.split(", ")))]
    Unknown {
        /// What was asked for.
        name: String,
        /// The presets.
        known: String,
    },
    /// The file cannot be read.
    #[error("{path}: cannot be read")]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The text is not a recipe: bad TOML, an unknown or missing key, a value of another type.
    #[error("{origin}: {message}")]
    Parse {
        /// The file, the preset, or the `--set` that changed it.
        origin: String,
        /// What the parser says.
        message: String,
    },
    /// A `--set` that names no place in the recipe.
    #[error("--set {assignment}: {reason}")]
    Set {
        /// The assignment as given.
        assignment: String,
        /// Why it cannot be made.
        reason: String,
    },
    /// `data.classes` or `data.background` cannot be used.
    #[error("{recipe}: data.classes")]
    Classes {
        /// The recipe's name.
        recipe: String,
        /// What is wrong.
        source: Box<scribe_dataset::Error>,
    },
    /// The classes or the map of a model cannot be used.
    #[error("{recipe}: the classes of model `{model}`")]
    ModelClasses {
        /// The recipe's name.
        recipe: String,
        /// The model's id.
        model: String,
        /// What is wrong.
        source: Box<scribe_dataset::Error>,
    },
    /// `[data.train]`, `[data.val]` or `[[eval.conditions]]` cannot be used.
    #[error("{recipe}: [{section}]")]
    Files {
        /// The recipe's name.
        recipe: String,
        /// The section.
        section: &'static str,
        /// What is wrong.
        source: Box<scribe_dataset::LayoutError>,
    },
    /// A value that cannot be used.
    #[error("{recipe}: {name} = {value}: {hint}expected {expected}")]
    Setting {
        /// The recipe's name.
        recipe: String,
        /// The key.
        name: String,
        /// The value found.
        value: String,
        /// The most similar names, as [`did_you_mean`] words them; empty where the value is no name.
        hint: String,
        /// What would have been accepted.
        expected: String,
    },
}

impl RecipeError {
    /// The same error, of a value that is none of the names `known`.
    pub(super) fn hinted(self, value: &str, known: &[&str]) -> RecipeError {
        match self {
            RecipeError::Setting { recipe, name, value: found, expected, .. } => {
                let hint = did_you_mean(value, known.iter().copied());
                RecipeError::Setting { recipe, name, value: found, hint, expected }
            }
            other => other,
        }
    }
}
