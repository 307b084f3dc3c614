//! Which preset of classes a folder's names suggest.

use super::{FoundPair, FoundValues, knows};
use crate::Classes;
use std::path::Path;

/// A word in a path that suggests a preset.
const WORDS: [(&str, &str); 7] = [
    ("camvid", "camvid"),
    ("gtfine", "cityscapes"),
    ("cityscapes", "cityscapes"),
    ("rgb_anon", "acdc"),
    ("ade20k", "ade20k"),
    ("adechallenge", "ade20k"),
    ("stuffthingmaps", "coco-stuff-171"),
];

/// The preset that the names suggest, if its classes know every value found. Ids that were converted for training
/// (`labelTrainIds`) are other values under the same names.
pub(super) fn suggested(root: &Path, pairs: &[FoundPair], values: &FoundValues) -> Option<&'static str> {
    let first = pairs.first()?;
    // A relative path may not say what the folder is called.
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    let text = format!("{name}/{} {}", first.pictures, first.labels).to_lowercase();
    let preset = WORDS.iter().find(|(word, _)| text.contains(word)).map(|(_, preset)| *preset)?;
    let fits = !text.contains("trainid") && knows(&Classes::preset(preset).ok()?, values);
    fits.then_some(preset)
}
