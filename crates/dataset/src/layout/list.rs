//! Lists of ids, or of pairs of a picture and its label map.

use super::lines;
use crate::Result;
use std::path::Path;

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// An image's id.
    Id(String),
    /// The paths of a picture and of its label map.
    Pair(String, String),
}

/// Reads a list with the numbers of its lines.
pub(super) fn read(path: &Path) -> Result<Vec<(usize, Line)>> {
    Ok(lines(path)?.into_iter().map(|(number, line)| (number, parse(&line))).collect())
}

/// A tab or a comma divides a pair; so does a space between two names that both have an extension. Anything else is an
/// id, which may have spaces.
fn parse(line: &str) -> Line {
    let line = line.trim();
    let path = |text: &str| text.trim().trim_start_matches("./").to_owned();
    let divided = line.split_once('\t').or_else(|| line.split_once(','));
    if let Some((picture, label)) = divided {
        return Line::Pair(path(picture), path(label));
    }
    let is_file = |word: &str| Path::new(word).extension().is_some();
    match line.split_whitespace().collect::<Vec<_>>()[..] {
        [picture, label] if is_file(picture) && is_file(label) => Line::Pair(path(picture), path(label)),
        _ => Line::Id(path(line)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_pairs_are_told_apart() {
        let id = |text: &str| Line::Id(text.to_owned());
        let pair = |a: &str, b: &str| Line::Pair(a.to_owned(), b.to_owned());
        assert_eq!(parse("ulm/ulm_1"), id("ulm/ulm_1"));
        assert_eq!(parse("my photo 1"), id("my photo 1"));
        assert_eq!(parse("a/1.png b/1.png"), pair("a/1.png", "b/1.png"));
        assert_eq!(parse("a b/1.png\tc d/1.png"), pair("a b/1.png", "c d/1.png"));
        assert_eq!(parse("./a.jpg, b.png"), pair("a.jpg", "b.png"));
    }
}
