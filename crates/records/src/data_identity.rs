//! Which images and label maps results were made from, by the contents of their files.

use scribe_base::digest::sha256_hex;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// How many ids a message names before it counts the others.
const NAMED: usize = 3;

/// One image of a list with the hashes of its two files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureIdentity {
    /// The image's id in its list.
    pub id: String,
    /// SHA-256 of the image's file, in hexadecimal.
    pub picture_sha256: String,
    /// SHA-256 of the file that holds its label map, in hexadecimal.
    pub label_sha256: String,
}

/// A list of images with the hashes of their files: the data that results are computed from.
///
/// Two runs with the same [`DataIdentity::digest`] saw the same images and label maps in the same order. The hashes of
/// the single files are kept so that a message can name the images whose files have changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataIdentity {
    /// What the list is called in messages, for example `val`. It is not part of the digest.
    pub list: String,
    /// The images in the order of the list, each id once.
    pub pictures: Vec<PictureIdentity>,
}

impl DataIdentity {
    /// SHA-256, in hexadecimal, over one line `id picture_sha256 label_sha256` for each image, in the list's order.
    pub fn digest(&self) -> String {
        let line = |p: &PictureIdentity| format!("{} {} {}\n", p.id, p.picture_sha256, p.label_sha256);
        sha256_hex(self.pictures.iter().map(line).collect::<String>().as_bytes())
    }

    /// How `new` differs; `None` where it does not.
    pub fn change(&self, new: &DataIdentity) -> Option<DataChange> {
        if self.pictures == new.pictures {
            return None;
        }
        let by_id: BTreeMap<&str, &PictureIdentity> =
            self.pictures.iter().map(|p| (p.id.as_str(), p)).collect();
        let ids: BTreeSet<&str> = new.pictures.iter().map(|p| p.id.as_str()).collect();
        let differing = |part: fn(&PictureIdentity) -> &String| -> Vec<String> {
            let both = new.pictures.iter().filter_map(|p| Some((*by_id.get(p.id.as_str())?, p)));
            both.filter(|(old, new)| part(old) != part(new)).map(|(_, new)| new.id.clone()).collect()
        };
        let added = new.pictures.iter().filter(|p| !by_id.contains_key(p.id.as_str()));
        let removed = self.pictures.iter().filter(|p| !ids.contains(p.id.as_str()));
        Some(DataChange {
            list: if new.list.is_empty() { self.list.clone() } else { new.list.clone() },
            added: added.map(|p| p.id.clone()).collect(),
            removed: removed.map(|p| p.id.clone()).collect(),
            pictures: differing(|p| &p.picture_sha256),
            labels: differing(|p| &p.label_sha256),
        })
    }
}

/// How one list of images differs from an earlier one. Where all four lists are empty, only the order differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataChange {
    /// What the list is called.
    pub list: String,
    /// Ids that are new in the list.
    pub added: Vec<String>,
    /// Ids that are no longer in the list.
    pub removed: Vec<String>,
    /// Ids whose image file has another content.
    pub pictures: Vec<String>,
    /// Ids whose label map has another content.
    pub labels: Vec<String>,
}

impl fmt::Display for DataChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("pictures added", &self.added),
            ("pictures gone", &self.removed),
            ("pictures with another content", &self.pictures),
            ("label maps with another content", &self.labels),
        ];
        if parts.iter().all(|(_, ids)| ids.is_empty()) {
            return write!(f, "\n  list {}: the same pictures in another order", self.list);
        }
        for (what, ids) in parts.iter().filter(|(_, ids)| !ids.is_empty()) {
            let named: Vec<&str> = ids.iter().take(NAMED).map(String::as_str).collect();
            write!(f, "\n  list {}: {what}: {}", self.list, named.join(", "))?;
            if ids.len() > NAMED {
                write!(f, " and {} others", ids.len() - NAMED)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(pictures: &[(&str, &str, &str)]) -> DataIdentity {
        let one = |&(id, picture, label): &(&str, &str, &str)| PictureIdentity {
            id: id.into(),
            picture_sha256: picture.into(),
            label_sha256: label.into(),
        };
        DataIdentity { list: "val".into(), pictures: pictures.iter().map(one).collect() }
    }

    #[test]
    fn a_change_is_named_by_id() {
        let old = list(&[("a", "1", "2"), ("b", "3", "4"), ("c", "5", "6")]);
        assert_eq!(old.change(&old.clone()), None);
        let new = list(&[("b", "3", "9"), ("c", "8", "6"), ("d", "1", "2")]);
        let text = old.change(&new).unwrap().to_string();
        assert_eq!(
            text,
            "\n  list val: pictures added: d\n  list val: pictures gone: a\
             \n  list val: pictures with another content: c\n  list val: label maps with another content: b"
        );
        let turned = list(&[("b", "3", "4"), ("a", "1", "2"), ("c", "5", "6")]);
        assert!(old.change(&turned).unwrap().to_string().contains("another order"));
        assert_ne!(old.digest(), turned.digest());
    }

    #[test]
    fn many_are_counted() {
        let ids: Vec<String> = (0..9).map(|i| format!("p{i}")).collect();
        let of = |sha: &str| list(&ids.iter().map(|id| (id.as_str(), sha, "l")).collect::<Vec<_>>());
        let text = of("1").change(&of("2")).unwrap().to_string();
        assert!(text.ends_with("pictures with another content: p0, p1, p2 and 6 others"), "{text}");
    }

    /// `printf 'a 1 2\n' | sha256sum`
    #[test]
    fn the_digest_is_that_of_the_documented_lines() {
        let digest = list(&[("a", "1", "2")]).digest();
        assert_eq!(digest, "30d66edb25e092501da659bbaac915e54fe111004e1579393fec27dad315bcff");
    }
}
