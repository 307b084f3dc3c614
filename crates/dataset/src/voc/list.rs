//! Split lists: one image id a line.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::id::broken_rule;
use crate::{Error, ImageId, Result};

/// Reads a split list.
///
/// Only the first word of a line counts (VOC's per-class lists carry a flag after the id), and a word that is a
/// path gives its file stem (`/JPEGImages/2007_000032.jpg /SegmentationClassAug/...`, as `train_aug` lists are
/// passed around).  Blank lines are skipped.
///
/// # Errors
/// [`Error::Read`], [`Error::BadList`] or [`Error::EmptySplit`].
pub(crate) fn read_list(path: &Path) -> Result<Vec<ImageId>> {
    let text = fs::read_to_string(path).map_err(|e| match e.kind() {
        ErrorKind::InvalidData => Error::decode(path, "split list", "it is not UTF-8 text"),
        _ => Error::read(path, e),
    })?;
    let mut ids = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some(word) = line.split_whitespace().next() else { continue };
        let id = ImageId::new(stem(word)).map_err(|_| Error::BadList {
            path: path.to_owned(),
            line: index + 1,
            value: line.to_owned(),
            reason: broken_rule(stem(word)).unwrap_or("it is not an id"),
        })?;
        ids.push(id);
    }
    if ids.is_empty() { Err(Error::EmptySplit { path: path.to_owned() }) } else { Ok(ids) }
}

/// The id within a word of a list.
fn stem(word: &str) -> &str {
    let Some((_, name)) = word.rsplit_once('/') else { return word };
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("train.txt");
        fs::write(&path, text).unwrap();
        read_list(&path).map(|ids| ids.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn takes_ids_flags_and_paths() {
        let text = "2007_000032\r\n\n2007_000039 -1\n/JPEGImages/2007_000063.jpg /SegmentationClassAug/2007_000063.png\n";
        assert_eq!(read(text).unwrap(), ["2007_000032", "2007_000039", "2007_000063"]);
    }

    #[test]
    fn names_the_line_that_is_no_id() {
        let error = read("2007_000032\n2007:000039\n").unwrap_err().to_string();
        assert!(error.contains("train.txt line 2: \"2007:000039\" is not an image id"), "{error}");
    }

    #[test]
    fn refuses_an_empty_list() {
        assert!(matches!(read("\n \n"), Err(Error::EmptySplit { .. })));
    }
}
