//! Finding an image's files under the extensions that are in use.

use crate::{Error, Result};
use std::path::{Path, PathBuf};

/// The extensions of pictures, in the order in which they are tried; the first bytes of a file decide its format.
pub(crate) const PICTURES: [&str; 6] = ["jpg", "jpeg", "JPG", "JPEG", "png", "PNG"];

/// Whether a file of this extension is a picture by its name, in upper or lower case.
pub(crate) fn is_picture_extension(extension: &str) -> bool {
    PICTURES.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// The only file whose name is `stem` and one of these extensions, in lower case, upper case or with a capital.
///
/// # Errors
/// [`Error::SameId`] when there are two.
pub(super) fn only_one(stem: &Path, extensions: &[&str]) -> Result<Option<PathBuf>> {
    let mut found: Option<(PathBuf, PathBuf)> = None;
    for extension in extensions.iter().filter(|extension| extension.starts_with(|c: char| c.is_lowercase())) {
        let (first, rest) = extension.split_at(1);
        let capital = first.to_uppercase() + rest;
        for extension in [(*extension).to_owned(), extension.to_uppercase(), capital] {
            let path = PathBuf::from(format!("{}.{extension}", stem.display()));
            // Where case does not count, all three are one file.
            let Some(real) = path.is_file().then(|| path.canonicalize().ok()).flatten() else { continue };
            match &found {
                Some((_, same)) if *same == real => {}
                Some((other, _)) => return Err(Error::SameId { path, other: other.clone() }),
                None => found = Some((path, real)),
            }
        }
    }
    Ok(found.map(|(path, _)| path))
}

/// The extensions of label maps.
pub(crate) const LABELS: [&str; 2] = ["png", "PNG"];

/// The extensions of SBD's label files.
pub(crate) const MATLAB: [&str; 1] = ["mat"];

/// The most letters by which a similar name may differ.
const MOST_DIFFERENT: usize = 2;

/// The file that exists: `path`, or the same name with another of these extensions.
pub(crate) fn find(path: &Path, extensions: &[&str]) -> Option<PathBuf> {
    if path.is_file() {
        return Some(path.to_owned());
    }
    extensions
        .iter()
        .map(|extension| path.with_file_name(with_extension(path, extension)))
        .find(|other| other.is_file())
}

/// The most similar name in `path`'s folder: one that differs only in case or extension, otherwise one that differs in
/// at most two letters.
pub(crate) fn similar(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?.to_lowercase();
    let stem = path.file_stem()?.to_str()?.to_lowercase();
    let rank = |name: &str| {
        let lower = name.to_lowercase();
        let same = lower == stem || lower.rsplit_once('.').is_some_and(|(other, _)| other == stem);
        if same { 0 } else { 1 + distance(&lower, &wanted) }
    };
    let names =
        path.parent()?.read_dir().ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let candidates = names.map(|name| (rank(&name), name)).filter(|(rank, _)| *rank <= 1 + MOST_DIFFERENT);
    candidates.min().map(|(_, name)| name)
}

/// A file's name with another extension; ids may hold dots, so only the last extension is replaced.
fn with_extension(path: &Path, extension: &str) -> String {
    format!("{}.{extension}", path.file_stem().unwrap_or_default().to_string_lossy())
}

/// Levenshtein distance: how many letters must be inserted, removed or replaced.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > MOST_DIFFERENT {
        return usize::MAX - 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_by_hand() {
        assert_eq!(distance("p1.jpg", "p1.jpg"), 0);
        assert_eq!(distance("p1.jpg", "p2.jpg"), 1);
        assert_eq!(distance("kitten", "sittin"), 2);
        assert!(distance("a", "abcdef") > MOST_DIFFERENT);
    }

    #[test]
    fn the_same_name_goes_before_a_similar_one() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["p2.jpg", "P1.TIF", "else.txt"] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        assert_eq!(similar(&dir.path().join("p1.jpg")).as_deref(), Some("P1.TIF"));
        assert_eq!(similar(&dir.path().join("p3.jpg")).as_deref(), Some("p2.jpg"));
        assert_eq!(similar(&dir.path().join("elsewhere.jpg")), None);
        // A list that names files, not ids.
        assert_eq!(similar(&dir.path().join("p2.jpg.jpg")).as_deref(), Some("p2.jpg"));
    }
}
