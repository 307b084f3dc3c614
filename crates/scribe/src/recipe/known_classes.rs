//! The classes that a model knows, where they are not those that are scored, and how they become those.

use super::classes::ClassesSetting;
use super::{CheckedRecipe, ModelRecipe};
use scribe_dataset::{ClassMap, Classes, Error, KnownClasses};

impl CheckedRecipe {
    /// The models that are trained: those that do not come from a file.
    pub(crate) fn trained(&self) -> impl Iterator<Item = &ModelRecipe> + Clone {
        self.models.iter().filter(|model| model.is_trained())
    }

    /// Whether any model is trained.
    pub fn trains(&self) -> bool {
        self.trained().next().is_some()
    }

    /// The classes that a model of the recipe knows, where they are not those that are scored.
    pub(crate) fn known_by(&self, model: &ModelRecipe) -> Result<Option<KnownClasses>, Error> {
        self.known(model.classes.as_ref(), model.map.as_deref())
    }

    /// The classes of a model that the recipe does not have: a preset or a classes file, and the text or the file of a map.
    ///
    /// # Errors
    /// A file cannot be read, or the map does not lead from these classes to those that are scored.
    pub(crate) fn known_of(
        &self,
        classes: Option<&str>,
        map: Option<&str>,
    ) -> Result<Option<KnownClasses>, Error> {
        let here = std::path::Path::new("");
        let classes = classes.map(|name| ClassesSetting::Name(name.to_owned()).resolved(here)).transpose()?;
        let map = map.map(|map| ClassMap::rules_of(map, here)).transpose()?;
        self.known(classes.as_ref(), map.as_deref())
    }

    fn known(
        &self,
        classes: Option<&ClassesSetting>,
        map: Option<&str>,
    ) -> Result<Option<KnownClasses>, Error> {
        let classes = classes.map(ClassesSetting::classes).transpose()?;
        Ok(KnownClasses::new(classes.as_ref(), map, [self.base_classes(), self.classes()])?)
    }
}

/// The names that rules of `data.map` may have: those of the data set and of every model.
pub(super) fn check_map(map: &ClassMap, base: &Classes, models: &[ModelRecipe]) -> Result<(), Error> {
    let of_models: Vec<Classes> = models
        .iter()
        .filter_map(|model| model.classes.as_ref())
        .map(ClassesSetting::classes)
        .collect::<Result<_, _>>()?;
    let known: Vec<&str> = base.names().chain(of_models.iter().flat_map(Classes::names)).collect();
    Ok(map.check_names(&known)?)
}
