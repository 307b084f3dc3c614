//! The classes of public data sets, as files of the same form as a user's.

use super::{ClassesError, ClassesFile};
use crate::Result;

/// The presets' names.
pub(super) const NAMES: [&str; 6] = ["voc", "cityscapes", "ade20k", "coco-stuff-171", "camvid", "acdc"];

const TEXTS: [&str; 6] = [
    include_str!("../../classes/voc.toml"),
    include_str!("../../classes/cityscapes.toml"),
    include_str!("../../classes/ade20k.toml"),
    include_str!("../../classes/coco-stuff-171.toml"),
    include_str!("../../classes/camvid.toml"),
    include_str!("../../classes/acdc.toml"),
];

impl ClassesFile {
    /// The file of one of [`crate::Classes::PRESETS`].
    ///
    /// # Errors
    /// [`ClassesError::Preset`] when there is none of this name.
    pub fn preset(name: &str) -> Result<ClassesFile> {
        let Some(index) = NAMES.iter().position(|known| *known == name) else {
            let known = NAMES.join(", ");
            return Err(ClassesError::Preset { name: name.to_owned(), known }.into());
        };
        ClassesFile::parse(TEXTS[index], name)
    }
}
