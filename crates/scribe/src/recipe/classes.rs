//! `data.classes`: a preset's name, the path of a classes file, or the content of one.

use scribe_dataset::{Classes, ClassesFile, Error};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::path::Path;

/// What says which classes a data set has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ClassesSetting {
    /// A preset, or the path of a classes file. A loaded recipe has only the former: a file's content takes the place of
    /// its path, so that the recipe says by itself what was done.
    Name(String),
    /// The content of a classes file.
    Content(ClassesFile),
}

impl ClassesSetting {
    /// The same setting, in which the content of a file stands for its path.
    ///
    /// # Errors
    /// The file cannot be read, or is not a classes file.
    pub(super) fn resolved(self, recipe_folder: &Path) -> Result<ClassesSetting, Error> {
        match self {
            ClassesSetting::Name(name) if name.ends_with(".toml") => {
                let beside = recipe_folder.join(&name);
                let path = if beside.is_file() { beside.as_path() } else { Path::new(&name) };
                Ok(ClassesSetting::Content(ClassesFile::read(path)?))
            }
            other => Ok(other),
        }
    }

    /// The classes.
    ///
    /// # Errors
    /// There is no preset of this name, or the content cannot be used.
    pub(super) fn classes(&self) -> Result<Classes, Error> {
        match self {
            ClassesSetting::Name(name) => Classes::preset(name),
            ClassesSetting::Content(file) => Ok(Classes::new(file.clone())?),
        }
    }
}

impl<'de> Deserialize<'de> for ClassesSetting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ClassesSetting, D::Error> {
        deserializer.deserialize_any(NameOrContent)
    }
}

/// Tells a name from a table, so that an error within the table is that of its key.
struct NameOrContent;

impl<'de> Visitor<'de> for NameOrContent {
    type Value = ClassesSetting;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a preset ({}), the path of a classes file, or its content", Classes::PRESETS.join(", "))
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<ClassesSetting, E> {
        Ok(ClassesSetting::Name(name.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ClassesSetting, A::Error> {
        ClassesFile::deserialize(MapAccessDeserializer::new(map)).map(ClassesSetting::Content)
    }
}
