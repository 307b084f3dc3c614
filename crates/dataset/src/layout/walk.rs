//! Finds the files of a folder and of all folders below it.

use crate::{Error, Result};
use std::fs;
use std::path::Path;

/// How many folders deep files are looked for; a link that leads to a folder above it would have no end.
const DEEPEST: usize = 32;

/// The files below `root/folder`, as paths below `root` with `/` between their parts, sorted. Names that are not UTF-8,
/// and files and folders whose names begin with a dot, are left out.
pub(crate) fn files_below(root: &Path, folder: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        let path = root.join(&folder);
        for entry in fs::read_dir(&path).map_err(|e| Error::read(&path, e))? {
            let entry = entry.map_err(|e| Error::read(&path, e))?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if name.starts_with('.') {
                continue;
            }
            let below = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            let kind = entry.file_type().map_err(|e| Error::read(&path, e))?;
            // A link counts as what it leads to.
            let is_folder = kind.is_dir() || kind.is_symlink() && root.join(&below).is_dir();
            match is_folder {
                true if depth < DEEPEST => open.push((below, depth + 1)),
                true => {}
                false => found.push(below),
            }
        }
    }
    found.sort();
    Ok(found)
}
