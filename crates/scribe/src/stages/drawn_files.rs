//! The hashes of a drawn set's files: a file that was cut or changed is found, and the set is drawn again.

use anyhow::Context;
use rayon::prelude::*;
use scribe_base::atomic_file;
use scribe_base::digest::sha256_hex_of_reader;
use std::fs::{self, File};
use std::path::Path;

/// The file in the folder of a drawn set that lists its other files, as `sha256sum` does and as `sha256sum -c` reads it.
pub(super) const SUMS: &str = "SHA256SUMS";

/// Hashes every file below `root` and writes the list.
///
/// # Errors
/// A file cannot be read, or the list not written.
pub(super) fn write(root: &Path) -> anyhow::Result<()> {
    let (mut names, mut open) = (Vec::new(), vec![String::new()]);
    while let Some(folder) = open.pop() {
        let path = root.join(&folder);
        for entry in fs::read_dir(&path).with_context(|| path.display().to_string())? {
            let entry = entry.with_context(|| path.display().to_string())?;
            let name = format!("{folder}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() { open.push(name + "/") } else { names.push(name) }
        }
    }
    names.sort();
    let line =
        |name: &String| Ok(format!("{}  {name}\n", hash(&root.join(name)).with_context(|| name.clone())?));
    let lines: Vec<String> = names.par_iter().map(line).collect::<anyhow::Result<_>>()?;
    Ok(atomic_file::write(&root.join(SUMS), lines.concat().as_bytes())?)
}

/// The first file of the list that is not as it was drawn; `None` where all are, and where there is no list: an earlier
/// version wrote none.
pub(super) fn problem(root: &Path) -> Option<String> {
    let sums = fs::read_to_string(root.join(SUMS)).ok()?;
    let lines: Vec<&str> = sums.lines().collect();
    lines.par_iter().find_map_first(|line| {
        let Some((wanted, name)) = line.split_once("  ") else {
            return Some(format!("{SUMS} is damaged"));
        };
        match hash(&root.join(name)) {
            Ok(found) if found == wanted => None,
            Ok(_) => Some(format!("{name} is not as it was drawn")),
            Err(error) => Some(format!("{name}: {error}")),
        }
    })
}

/// How many files the list names; `None` where there is none.
pub(super) fn count(root: &Path) -> Option<usize> {
    Some(fs::read_to_string(root.join(SUMS)).ok()?.lines().count())
}

fn hash(path: &Path) -> std::io::Result<String> {
    sha256_hex_of_reader(File::open(path)?)
}
