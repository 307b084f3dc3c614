//! A recipe that can run.

use super::{ModelRecipe, Recipe, RecipeError};
use scribe_dataset::Classes;
use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

/// A recipe whose every value was found usable.
#[derive(Clone, Debug)]
pub struct CheckedRecipe {
    recipe: Recipe,
    /// Those of the data set, before its map.
    base_classes: Classes,
    classes: Arc<Classes>,
}

impl CheckedRecipe {
    /// A recipe that was checked, with the classes that its `[data]` names.
    pub(super) fn new(recipe: Recipe, [base_classes, classes]: [Classes; 2]) -> CheckedRecipe {
        CheckedRecipe { recipe, base_classes, classes: Arc::new(classes) }
    }

    /// The same recipe with one more model, whose files are below the current folder.
    ///
    /// # Errors
    /// The model cannot be used, or another one has its id or its label.
    pub(crate) fn with_model(self, model: ModelRecipe) -> Result<CheckedRecipe, RecipeError> {
        let mut recipe = self.recipe;
        recipe.models.push(model);
        recipe.resolved(Path::new(""))?.check()
    }

    /// The classes of the data set, before its map.
    pub(super) fn base_classes(&self) -> &Classes {
        &self.base_classes
    }

    /// What the label files mean. The background, where there is one, is class 0.
    pub fn classes(&self) -> &Arc<Classes> {
        &self.classes
    }
}

impl Deref for CheckedRecipe {
    type Target = Recipe;

    fn deref(&self) -> &Recipe {
        &self.recipe
    }
}
