//! Looks at a folder that nobody has described: which files are pictures, which their label maps, and what those hold.

mod found_pair;
mod kind;
mod leaf;
mod mixed;
mod pairs;
mod preset;
mod sizes;
mod values;
mod variants;

pub use found_pair::FoundPair;
pub use kind::LabelKind;
pub use values::FoundValues;

use crate::layout::files_below;
use crate::{Classes, Error, Meaning, Result};
use leaf::leaves;
use pairs::pairs;
use scribe_base::file_kind::no_file;
use std::path::Path;

/// What [`inspect_folder`] found. All of it is a guess, to be read and corrected.
#[derive(Debug, Clone)]
pub struct FolderGuess {
    /// Whether the folder is in PASCAL VOC's layout, with its lists.
    pub is_voc: bool,
    /// What was left out, in words: what is no file, such as a named pipe or a link to nothing, and corrupted pictures.
    pub left_out: Vec<String>,
    /// Templates of pictures and label maps whose names agree, the most probable first.
    pub pairs: Vec<FoundPair>,
    /// What the label maps of the first pairs hold.
    pub values: FoundValues,
    /// The name of a preset of classes that the folder's names suggest and that knows every value found.
    pub preset: Option<&'static str>,
    /// The size of the pictures looked at: the middle one of their shorter sides, and whether all have one size.
    pub short_side: u32,
    /// The size that all pictures looked at have; `None` where they differ.
    pub size: Option<(u32, u32)>,
}

/// Looks at a folder: pairs are found by common stems, values in up to `masks` label maps of each pair. Pictures in a
/// folder that is called after one of `corruptions` are left out where others have the same label maps.
///
/// # Errors
/// [`Error::NoPicture`] when the folder holds no picture, [`Error::NoPairs`] when no picture has a label map of a similar
/// name, and those of reading.
pub fn inspect_folder(root: &Path, masks: usize, corruptions: &[&str]) -> Result<FolderGuess> {
    if !root.is_dir() {
        let expected = "a folder with pictures and label maps".to_owned();
        return Err(Error::MissingFolder { path: root.to_owned(), expected });
    }
    let is_there = |name: &&str| root.join(name).is_dir();
    let is_voc = ["JPEGImages", "ImageSets/Segmentation"].iter().all(is_there)
        && ["SegmentationClass", "SegmentationClassAug"].iter().any(is_there);
    let (files, left_out): (Vec<String>, Vec<String>) =
        files_below(root, "")?.into_iter().partition(|file| root.join(file).is_file());
    let leaves = leaves(&files);
    if leaves.is_empty() {
        return Err(Error::NoPicture { path: root.to_owned() });
    }
    let mut pairs = pairs(root, &leaves);
    let corrupted = variants::take_out(&mut pairs, corruptions);
    if pairs.is_empty() {
        return Err(Error::NoPairs { path: root.to_owned() });
    }
    let mut values = FoundValues::default();
    let mut sizes = Vec::new();
    for pair in pairs::of_each_split(&pairs) {
        values.add(root, pair, masks)?;
        sizes.extend(sizes::sizes(root, pair));
    }
    let preset = preset::suggested(root, &pairs, &values);
    let mut sides: Vec<u32> = sizes.iter().map(|&(width, height)| width.min(height)).collect();
    sides.sort_unstable();
    let short_side = sides.get(sides.len() / 2).copied().unwrap_or(256);
    let size = sizes.first().copied().filter(|first| sizes.iter().all(|size| size == first));
    let left_out = left_out
        .iter()
        .filter_map(|file| no_file(&root.join(file)).map(|what| format!("{file}: it is {what}")));
    let left_out = left_out.chain(corrupted).collect();
    Ok(FolderGuess { is_voc, left_out, pairs, values, preset, short_side, size })
}

/// Whether classes say something of every one of these values, and some of them mean a class.
pub(crate) fn knows(classes: &Classes, values: &FoundValues) -> bool {
    let meanings = || values.numbers.keys().map(|&value| classes.of_value(value));
    let is_class = |meaning| matches!(meaning, Meaning::Class(_));
    values.colours.is_empty()
        && meanings().any(is_class)
        && meanings().all(|meaning| meaning != Meaning::Unlisted)
}
