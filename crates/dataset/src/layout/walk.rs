//! Finds the files of a folder and of all folders below it.

use crate::{Error, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// How many folders deep files are looked for.
const DEEPEST: usize = 32;

/// A folder that is still to be read.
struct Open {
    below: String,
    depth: usize,
    /// The folders, without links, from which links led here.
    left: Vec<PathBuf>,
}

/// The files below `root/folder`, as paths below `root` with `/` between their parts, sorted. Names that are not UTF-8,
/// and files and folders whose names begin with a dot, are left out.
/// So is a link to a folder that it is in, directly or by way of other links: it would have no end.
pub(crate) fn files_below(root: &Path, folder: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![Open { below: folder.to_owned(), depth: 0, left: Vec::new() }];
    while let Some(Open { below: folder, depth, left }) = open.pop() {
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
            if !is_folder {
                found.push(below);
            } else if depth < DEEPEST {
                let depth = depth + 1;
                let left = if kind.is_symlink() {
                    after_link(&path, &root.join(&below), &left)
                } else {
                    Some(left.clone())
                };
                open.extend(left.map(|left| Open { below, depth, left }));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The folders that were left, after a link in `folder` is followed; `None` where it leads back into one of them.
fn after_link(folder: &Path, link: &Path, left: &[PathBuf]) -> Option<Vec<PathBuf>> {
    let (here, target) = (folder.canonicalize().ok()?, link.canonicalize().ok()?);
    let mut left = left.to_vec();
    left.push(here);
    (!left.iter().any(|folder| folder.starts_with(&target))).then_some(left)
}
