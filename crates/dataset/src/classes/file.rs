//! The file that describes the classes of a data set.

use super::{ClassesError, Colour};
use crate::decode::check_file;
use crate::{Error, Result};
use scribe_base::{excerpt, text_file};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A classes file, as TOML holds it. [`crate::Classes::new`] checks it.
///
/// ```
/// let text = r##"
///     name = "yard"
///     ignore = [255]
///     classes = [
///       { name = "ground", values = [0, 3] },
///       { name = "person", values = [1], colour = "#dc143c" },
///     ]
/// "##;
/// let file = scribe_dataset::ClassesFile::parse(text, "yard.toml")?;
/// assert_eq!(file.classes[0].values, [0, 3]);
/// # Ok::<(), scribe_dataset::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassesFile {
    /// The name of the set in messages.
    pub name: String,
    /// Values of label files that count for nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<u16>,
    /// Colours of label files that count for nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore_colours: Vec<Colour>,
    /// What a value or a colour does that is neither a class's nor ignored.
    #[serde(default, skip_serializing_if = "Unlisted::is_error")]
    pub unlisted: Unlisted,
    /// The class that is the background, if one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background: Option<String>,
    /// The classes.
    pub classes: Vec<ClassEntry>,
}

/// One class in a classes file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassEntry {
    /// Its name.
    pub name: String,
    /// The colour in which it is shown; without one, the first of `colours`, or one of VOC's palette.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
    /// The values of grey and palette label files that mean it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<u16>,
    /// The colours of label files saved in colour that mean it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub colours: Vec<Colour>,
}

/// What a value or a colour of a label file does that the description does not list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unlisted {
    /// It is an error.
    #[default]
    Error,
    /// It counts for nothing, as an ignored one.
    Ignore,
}

impl Unlisted {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
    fn is_error(&self) -> bool {
        *self == Unlisted::Error
    }
}

impl ClassesFile {
    /// Reads a classes file. [`crate::Classes::new`] says whether it can be used.
    ///
    /// # Errors
    /// [`Error::NotAFile`] or [`Error::Read`] when it cannot be read or has more than 1 MiB, [`ClassesError::Parse`] when it is not a classes file.
    pub fn read(path: &Path) -> Result<ClassesFile> {
        check_file(path)?;
        let text = text_file::read(path, text_file::DESCRIPTION).map_err(|e| Error::read(path, e))?;
        ClassesFile::parse(&text, &path.display().to_string())
    }

    /// Reads the text of a classes file; errors name `origin`.
    ///
    /// # Errors
    /// [`ClassesError::Parse`] when it is not a classes file.
    pub fn parse(text: &str, origin: &str) -> Result<ClassesFile> {
        let parsed = toml::from_str(text).map_err(|error| ClassesError::Parse {
            origin: origin.to_owned(),
            message: excerpt::of_lines(error.to_string().trim_end())
                .replace("expected u16", "expected 0 to 65535"),
        });
        Ok(parsed?)
    }
}
