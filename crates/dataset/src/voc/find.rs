//! Finding an image's files under the endings that are in use.

use std::path::{Path, PathBuf};

/// The endings of pictures, in the order in which they are tried; what a file is follows from its first bytes.
pub(crate) const PICTURES: [&str; 6] = ["jpg", "jpeg", "JPG", "JPEG", "png", "PNG"];

/// The endings of label maps.
pub(crate) const LABELS: [&str; 2] = ["png", "PNG"];

/// The endings of SBD's label files.
pub(crate) const MATLAB: [&str; 1] = ["mat"];

/// The most letters by which a name may differ and still be near.
const NEAR: usize = 2;

/// The file that is there: `path`, or the same name under another of these endings.
pub(crate) fn find(path: &Path, endings: &[&str]) -> Option<PathBuf> {
    if path.is_file() {
        return Some(path.to_owned());
    }
    endings.iter().map(|ending| path.with_file_name(under(path, ending))).find(|other| other.is_file())
}

/// The name in `path`'s folder that is nearest to its own: the same but for letters' case or the ending, else one
/// that differs in at most two letters.
pub(crate) fn nearest(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_str()?.to_lowercase();
    let stem = path.file_stem()?.to_str()?.to_lowercase();
    let rank = |name: &str| {
        let lower = name.to_lowercase();
        let same = lower == stem || lower.rsplit_once('.').is_some_and(|(other, _)| other == stem);
        if same { 0 } else { 1 + distance(&lower, &wanted) }
    };
    let names =
        path.parent()?.read_dir().ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let near = names.map(|name| (rank(&name), name)).filter(|(rank, _)| *rank <= 1 + NEAR);
    near.min().map(|(_, name)| name)
}

/// A file's name under another ending; ids may hold dots, so only the last ending is exchanged.
fn under(path: &Path, ending: &str) -> String {
    format!("{}.{ending}", path.file_stem().unwrap_or_default().to_string_lossy())
}

/// The letters that must be put in, left out or exchanged to make one text of the other (Levenshtein's distance).
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > NEAR {
        return usize::MAX - 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let exchanged = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = exchanged.min(row[j] + 1).min(diagonal + 1);
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
        assert!(distance("a", "abcdef") > NEAR);
    }

    #[test]
    fn the_same_name_goes_before_a_similar_one() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["p2.jpg", "P1.TIF", "else.txt"] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        assert_eq!(nearest(&dir.path().join("p1.jpg")).as_deref(), Some("P1.TIF"));
        assert_eq!(nearest(&dir.path().join("p3.jpg")).as_deref(), Some("p2.jpg"));
        assert_eq!(nearest(&dir.path().join("elsewhere.jpg")), None);
        // A list that names files, not ids.
        assert_eq!(nearest(&dir.path().join("p2.jpg.jpg")).as_deref(), Some("p2.jpg"));
    }
}
