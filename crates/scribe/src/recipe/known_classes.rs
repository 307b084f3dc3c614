//! The classes that a model knows, where they are not those that are scored, and how they become those.

use super::classes::ClassesSetting;
use super::{CheckedRecipe, ModelRecipe};
use scribe_base::digest::sha256_hex;
use scribe_dataset::{ClassMap, Classes, Error};

/// The classes of one model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KnownClasses {
    /// Which of the scored classes each of them becomes; none where its pixels are scored nowhere.
    pub(crate) table: Vec<Option<usize>>,
    /// The first digits of a SHA-256 over the classes and where they lead.
    pub(crate) digest: String,
}

impl KnownClasses {
    /// The classes of a model that names them or maps them; `None` where it knows the scored ones.
    ///
    /// Without `classes` they are those of the data set before its own map; without a map, classes become those of the same
    /// name.
    pub(super) fn new(
        classes: Option<&ClassesSetting>,
        map: Option<&str>,
        [base, scored]: [&Classes; 2],
    ) -> Result<Option<KnownClasses>, Error> {
        if classes.is_none() && map.is_none() {
            return Ok(None);
        }
        let known = classes.map_or_else(|| Ok(base.clone()), ClassesSetting::classes)?;
        let targets: Vec<&str> = scored.names().collect();
        let map = match map {
            Some(map) => ClassMap::parse(map, "its map")?,
            None => ClassMap::parse(&of_same_names(&targets), "its classes, which have no map")?,
        };
        let named: Vec<&str> = known.names().chain(base.names()).chain(scored.names()).collect();
        map.check_names(&named)?;
        let table = map.table(known.names(), &targets)?;
        let line = |(name, to): (&str, &Option<usize>)| {
            format!("{name} -> {}\n", to.map_or("ignore", |to| targets[to]))
        };
        let mut digest = sha256_hex(known.names().zip(&table).map(line).collect::<String>());
        digest.truncate(16);
        Ok(Some(KnownClasses { table, digest }))
    }

    /// What is added to the hash of a model's file: under another map it is another model.
    pub(crate) fn mark(known: Option<&KnownClasses>) -> String {
        known.map_or_else(String::new, |known| format!(" map:{}", known.digest))
    }
}

/// The rules that leave every name as it is.
fn of_same_names(names: &[&str]) -> String {
    names.iter().map(|name| format!("\"{name}\" -> \"{name}\"\n")).collect()
}

impl CheckedRecipe {
    /// The models that can be trained: those that know the classes that are scored.
    pub(crate) fn trained(&self) -> impl Iterator<Item = &ModelRecipe> + Clone {
        self.models.iter().filter(|model| !model.knows_others())
    }

    /// The classes that a model of the recipe knows, where they are not those that are scored.
    pub(crate) fn known_by(&self, model: &ModelRecipe) -> Result<Option<KnownClasses>, Error> {
        KnownClasses::new(model.classes.as_ref(), model.map.as_deref(), [self.base_classes(), self.classes()])
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
        KnownClasses::new(classes.as_ref(), map.as_deref(), [self.base_classes(), self.classes()])
    }
}

impl ModelRecipe {
    /// Whether it is a network of other classes than those that are scored, which cannot be trained here.
    pub(crate) fn knows_others(&self) -> bool {
        self.classes.is_some() || self.map.is_some()
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
