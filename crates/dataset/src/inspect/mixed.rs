//! Pictures of one folder under several extensions.

use super::FoundPair;
use std::collections::{BTreeMap, BTreeSet};

/// The pairs, of which those that differ only in the extension of the pictures become one whose template ends in `.*`. Where two
/// pictures have one name, they stay apart.
pub(super) fn with_any_extension(pairs: impl Iterator<Item = FoundPair>) -> Vec<FoundPair> {
    let mut groups: BTreeMap<(String, String), Vec<FoundPair>> = BTreeMap::new();
    for pair in pairs {
        let stem = pair.pictures.rsplit_once('.').map_or(pair.pictures.as_str(), |(stem, _)| stem);
        groups.entry((stem.to_owned(), pair.labels.clone())).or_default().push(pair);
    }
    groups.into_iter().flat_map(|((stem, _), group)| joined(&stem, group)).collect()
}

fn joined(stem: &str, group: Vec<FoundPair>) -> Vec<FoundPair> {
    let ids: BTreeSet<String> = group.iter().flat_map(|pair| pair.ids.iter().cloned()).collect();
    let all: usize = group.iter().map(|pair| pair.ids.len()).sum();
    match group.first() {
        Some(first) if group.len() > 1 && ids.len() == all => vec![FoundPair {
            pictures: format!("{stem}.*"),
            ids: ids.into_iter().collect(),
            without_label: group.iter().map(|pair| pair.without_label).sum(),
            ..first.clone()
        }],
        _ => group,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LabelKind;

    fn pair(pictures: &str, ids: &[&str]) -> FoundPair {
        let ids = ids.iter().map(|id| (*id).to_owned()).collect();
        let (pictures, labels) = (pictures.to_owned(), "l/{id}.png".to_owned());
        FoundPair { pictures, labels, split: None, kind: LabelKind::Bytes, ids, without_label: 1 }
    }

    #[test]
    fn several_extensions_become_one_template_unless_two_pictures_have_one_name() {
        let mixed = [pair("i/{id}.jpg", &["b", "c"]), pair("i/{id}.png", &["a"]), pair("j/{id}.png", &["a"])];
        let found = with_any_extension(mixed.into_iter());
        let shown: Vec<_> = found.iter().map(|pair| (pair.pictures.as_str(), pair.ids.join(" "))).collect();
        assert_eq!(shown, [("i/{id}.*", "a b c".to_owned()), ("j/{id}.png", "a".to_owned())]);
        assert_eq!(found[0].without_label, 2);
        let twice = [pair("i/{id}.jpg", &["a"]), pair("i/{id}.png", &["a"])];
        assert_eq!(with_any_extension(twice.into_iter()).len(), 2);
    }
}
