//! The folders that directly hold pictures or label maps.

use crate::layout::is_picture_extension;
use std::collections::{BTreeMap, BTreeSet};

/// One folder's files of one extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    /// The folder below the root, without a slash at its end; empty for the root itself.
    pub(super) folder: String,
    /// The extension of the files.
    pub(super) extension: String,
    /// The names without the extension, sorted.
    pub(super) stems: BTreeSet<String>,
}

impl Leaf {
    /// The path of one of its files.
    pub(super) fn path(&self, stem: &str) -> String {
        let name = format!("{stem}.{}", self.extension);
        if self.folder.is_empty() { name } else { format!("{}/{name}", self.folder) }
    }
}

/// The folders among sorted paths.
pub(super) fn leaves(files: &[String]) -> Vec<Leaf> {
    let mut found: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        let Some((stem, extension)) = name.rsplit_once('.') else { continue };
        if is_picture_extension(extension) {
            found.entry((folder.to_owned(), extension.to_owned())).or_default().insert(stem.to_owned());
        }
    }
    found.into_iter().map(|((folder, extension), stems)| Leaf { folder, extension, stems }).collect()
}
