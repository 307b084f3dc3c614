//! Pairs of folders whose files have common stems.

use super::FoundPair;
use super::kind::{LabelKind, label_kind};
use super::leaf::Leaf;
use super::mixed::with_any_extension;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::Path;

/// All pairs, the most probable of each split first.
pub(super) fn pairs(root: &Path, leaves: &[Leaf]) -> Vec<FoundPair> {
    let kinds: Vec<Option<LabelKind>> = leaves.iter().map(|leaf| kind_of(root, leaf)).collect();
    let mut found: BTreeMap<(String, String), FoundPair> = BTreeMap::new();
    for (pictures, of_picture) in leaves.iter().zip(&kinds) {
        for labels in leaves.iter().filter(|labels| labels.extension.eq_ignore_ascii_case("png")) {
            // Of one folder's files, some may be pictures and others label maps, told apart by the ends of their names.
            if std::ptr::eq(pictures, labels) && pictures.stems.len() < 2 {
                continue;
            }
            if !std::ptr::eq(pictures, labels) && of_picture.is_some() {
                continue;
            }
            if let Some(pair) = pair(root, pictures, labels) {
                let key = (pair.pictures.clone(), pair.labels.clone());
                match found.get_mut(&key) {
                    Some(other) => {
                        other.ids.extend(pair.ids);
                        other.without_label += pair.without_label;
                    }
                    None => drop(found.insert(key, pair)),
                }
            }
        }
    }
    let mut pairs = with_any_extension(found.into_values());
    pairs.iter_mut().for_each(|pair| pair.ids.sort());
    let rank = |pair: &FoundPair| {
        let odd = oddness(pair.labels.rsplit('/').next().unwrap_or_default());
        (odd, pair.kind, Reverse(pair.ids.len()), pair.labels.len())
    };
    pairs.sort_by_key(rank);
    pairs
}

/// The most probable pair of each split, in the order train, val, test, none.
pub(super) fn of_each_split(pairs: &[FoundPair]) -> Vec<&FoundPair> {
    let splits = [Some("train"), Some("val"), Some("test"), None];
    splits.iter().filter_map(|split| pairs.iter().find(|pair| pair.split == *split)).collect()
}

/// The kind of label map that a folder's middle file may be.
fn kind_of(root: &Path, leaf: &Leaf) -> Option<LabelKind> {
    let middle = leaf.stems.iter().nth(leaf.stems.len() / 2)?;
    label_kind(&root.join(leaf.path(middle)))
}

/// The ids of pictures with and without a label map, by the ends of both names.
fn ids<'a>(
    pictures: &'a Leaf,
    labels: &Leaf,
    (of_picture, of_label): (&str, &str),
) -> (Vec<&'a str>, Vec<&'a str>) {
    let ids = pictures.stems.iter().filter_map(|stem| stem.strip_suffix(of_picture));
    // Where the pictures' names end in nothing, the label maps of the same folder are no pictures.
    let ids =
        ids.filter(|id| !(std::ptr::eq(pictures, labels) && of_picture.is_empty() && id.ends_with(of_label)));
    ids.partition(|id| labels.stems.contains(&format!("{id}{of_label}")))
}

/// The pair of two folders, if the names of at least half of the pictures agree with those of label maps.
fn pair(root: &Path, pictures: &Leaf, labels: &Leaf) -> Option<FoundPair> {
    // Training pictures have no label maps among those of validation.
    if let (Some(one), Some(other)) = (split_of(&pictures.folder), split_of(&labels.folder))
        && one != other
    {
        return None;
    }
    let (of_picture, of_label) = ends(pictures, labels)?;
    let (with, without) = ids(pictures, labels, (&of_picture, &of_label));
    // Names that only some files share are part of a series (`walk_0001`, `walk_0002`), not of a pair.
    let few = 4 * with.len() < pictures.stems.len()
        || [&of_picture, &of_label].into_iter().any(|end| is_number(end));
    if with.is_empty() || few || without.len() > with.len() {
        return None;
    }
    let middle = with[with.len() / 2];
    let kind = label_kind(&root.join(labels.path(&format!("{middle}{of_label}"))))?;
    let picture = || root.join(pictures.path(&format!("{middle}{of_picture}")));
    if std::ptr::eq(pictures, labels) && label_kind(&picture()).is_some() {
        return None;
    }
    let (base, of_labels, below) = without_common_end(&pictures.folder, &labels.folder);
    let template = |folder: &str, end: &str, extension: &str| {
        let slash = if folder.is_empty() { "" } else { "/" };
        format!("{folder}{slash}{{id}}{end}.{extension}")
    };
    let prefix = if below.is_empty() { String::new() } else { format!("{below}/") };
    Some(FoundPair {
        pictures: template(base, &of_picture, &pictures.extension),
        labels: template(of_labels, &of_label, &labels.extension),
        split: split_of(&pictures.folder).or_else(|| split_of(&labels.folder)),
        kind,
        ids: with.iter().map(|id| format!("{prefix}{id}")).collect(),
        without_label: without.len(),
    })
}

/// The ends of the names of a picture and its label map that are not part of the id: `_leftImg8bit` and
/// `_gtFine_labelIds`. They begin where no letter or digit is, or are empty.
fn ends(pictures: &Leaf, labels: &Leaf) -> Option<(String, String)> {
    // Within one folder, the first name may be a label map's.
    let some = pictures.stems.iter().skip(pictures.stems.len() / 2).take(3);
    some.into_iter().find_map(|stem| ends_of(stem, labels, std::ptr::eq(pictures, labels)))
}

/// The same for the picture called `stem`; `same` says whether it is in the folder of the label maps.
fn ends_of(stem: &str, labels: &Leaf, same: bool) -> Option<(String, String)> {
    if !same && labels.stems.contains(stem) {
        return Some((String::new(), String::new()));
    }
    let others = labels.stems.iter().filter(|other| !same || *other != stem);
    // Several label files of one picture, as Cityscapes has them, agree with it equally.
    let nearest = others.max_by_key(|other| (common_start(stem, other), Reverse(oddness(other))))?;
    let is_border = |text: &str, at: usize| {
        text.is_char_boundary(at) && (at == text.len() || text[at..].starts_with(['_', '-', '.', ' ']))
    };
    // One name may be the beginning of the other; else go back to where a part of both names begins.
    let at =
        (1..=common_start(stem, nearest)).rev().find(|&at| is_border(stem, at) && is_border(nearest, at))?;
    // Within one folder, the shorter name is the picture's.
    (!(same && stem.len() > nearest.len())).then(|| (stem[at..].to_owned(), nearest[at..].to_owned()))
}

/// Whether the end of a name has no letter, or three digits in a row, as the number within a series.
fn is_number(end: &str) -> bool {
    let has_number = end.as_bytes().windows(3).any(|three| three.iter().all(u8::is_ascii_digit));
    has_number || !end.is_empty() && !end.chars().any(char::is_alphabetic)
}

/// How little a name suggests a map of classes: instances, drawings in colour, and ids that were converted.
fn oddness(name: &str) -> usize {
    let name = name.to_lowercase();
    let odd = ["instance", "panoptic", "polygon", "object", "color", "colour", "trainid"];
    odd.iter().filter(|word| name.contains(*word)).count()
}

fn common_start(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

/// The two folders without the folders at their ends that both have, and those folders; a folder that is called after a
/// split stays.
fn without_common_end<'a>(a: &'a str, b: &'a str) -> (&'a str, &'a str, String) {
    if a == b {
        return (a, b, String::new());
    }
    let (mut a, mut b, mut below) = (a, b, Vec::new());
    while let (Some((left, last)), Some((right, same))) = (a.rsplit_once('/'), b.rsplit_once('/')) {
        if last != same || split_of(last).is_some() {
            break;
        }
        below.insert(0, last);
        (a, b) = (left, right);
    }
    (a, b, below.join("/"))
}

/// The split that one of a path's folders is called after, the deepest first.
fn split_of(folder: &str) -> Option<&'static str> {
    let of_name = |name: &str| {
        let name = name.to_lowercase();
        ["train", "val", "test"].into_iter().find(|split| name.starts_with(split))
    };
    folder.rsplit('/').find_map(of_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(folder: &str, stems: &[&str]) -> Leaf {
        let stems = stems.iter().map(|stem| (*stem).to_owned()).collect();
        Leaf { folder: folder.to_owned(), extension: "png".to_owned(), stems }
    }

    #[test]
    fn the_ends_of_names_are_not_part_of_the_id() {
        let of = |a: &[&str], b: &[&str]| ends(&leaf("a", a), &leaf("b", b));
        let text = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(of(&["1", "2"], &["1", "2"]), text("", ""));
        assert_eq!(
            of(&["u_000001_leftImg8bit"], &["u_000001_gtFine_labelIds"]),
            text("_leftImg8bit", "_gtFine_labelIds")
        );
        assert_eq!(of(&["0001TP_006690"], &["0001TP_006690_L"]), text("", "_L"));
        let several = ["u_1_gt_color", "u_1_gt_instanceIds", "u_1_gt_labelIds", "u_1_gt_labelTrainIds"];
        assert_eq!(of(&["u_1_left"], &several), text("_left", "_gt_labelIds"));
        assert_eq!(of(&["abc"], &["abd"]), None);
    }

    #[test]
    fn the_numbers_of_a_series_are_no_ends() {
        // ADE20K's and CamVid's names.
        for end in ["_train_00000003", "_01020", "_f01020", "_7"] {
            assert!(is_number(end), "{end}");
        }
        for end in ["", "_leftImg8bit", "_L", "_gtFine_labelIds"] {
            assert!(!is_number(end), "{end}");
        }
    }

    #[test]
    fn common_folders_belong_to_the_id_unless_they_are_splits() {
        assert_eq!(without_common_end("i/val/ulm", "g/val/ulm"), ("i/val", "g/val", "ulm".to_owned()));
        assert_eq!(
            without_common_end("train2017", "maps/train2017"),
            ("train2017", "maps/train2017", String::new())
        );
        assert_eq!(without_common_end("val", "valannot"), ("val", "valannot", String::new()));
        assert_eq!(split_of("rgb/fog/train/GOPR"), Some("train"));
        assert_eq!(split_of("images/validation"), Some("val"));
        assert_eq!(split_of("images/all"), None);
    }
}
