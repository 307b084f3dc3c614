//! Split lists: one image id per line.

use crate::id::broken_rule;
use crate::layout::lines;
use crate::{Error, ImageId, Result};
use std::path::Path;

/// Reads a split list.
///
/// A line is an id; or an id and a flag of -1, 0 or 1, as VOC's per-class lists have it; or the paths of a picture and
/// its label map (`/JPEGImages/2007_000032.jpg /SegmentationClassAug/...`, as in the usual `train_aug` lists), of
/// which the picture's file stem is the id. Empty lines are skipped, and so is a byte order mark before a line.
///
/// # Errors
/// [`Error::Read`], [`Error::BadList`] or [`Error::EmptySplit`].
pub(crate) fn read_list(path: &Path) -> Result<Vec<ImageId>> {
    let mut ids = Vec::new();
    for (number, line) in lines(path)? {
        let bad =
            |reason| Error::BadList { path: path.to_owned(), line: number, value: line.clone(), reason };
        let id = id_of(&line).map_err(bad)?;
        ids.push(ImageId::new(id).map_err(|_| bad(broken_rule(id).unwrap_or("it is not an id")))?);
    }
    if ids.is_empty() { Err(Error::EmptySplit { path: path.to_owned() }) } else { Ok(ids) }
}

/// The id within a line of a list.
fn id_of(line: &str) -> Result<&str, &'static str> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        [id] | [id, "-1" | "0" | "1"] => Ok(stem(id)),
        [picture, label] if picture.contains('/') && label.contains('/') => Ok(stem(picture)),
        _ => Err(
            "a space divides it (expected one id per line; an id may be followed by a flag of -1, 0 or 1, and \
                  the path of a picture by that of its label map)",
        ),
    }
}

/// The id within a word of a list.
fn stem(word: &str) -> &str {
    let Some((_, name)) = word.rsplit_once('/') else { return word };
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

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
    fn names_the_line_that_is_not_an_id() {
        let error = read("2007_000032\n2007:000039\n").unwrap_err().to_string();
        assert!(error.contains("train.txt line 2: \"2007:000039\" is not an image id"), "{error}");
    }

    #[test]
    fn a_byte_order_mark_is_not_part_of_an_id() {
        assert_eq!(read("\u{feff}p0\r\np1\r\n\u{feff}p2\n").unwrap(), ["p0", "p1", "p2"]);
    }

    #[test]
    fn a_space_within_an_id_shows_the_line() {
        for line in ["my photo", "my photo 1", "a 2", "JPEGImages/my photo.jpg"] {
            let error = read(&format!("p0\n\n{line}\n")).unwrap_err().to_string();
            let wanted = format!("train.txt line 3: {line:?} is not an image id: a space divides it");
            assert!(error.contains(&wanted), "{error}");
        }
    }

    #[test]
    fn refuses_an_empty_list() {
        assert!(matches!(read("\n \n"), Err(Error::EmptySplit { .. })));
    }
}
