//! What a training follows from, kept beside its states so that a later difference can be named.

use crate::checkpoint::write_atomic;
use crate::{Error, Result};
use scribe_records::{DataIdentity, Difference};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Its name in the folder of a training.
const NAME: &str = "identity.json";

/// Everything that decides the outcome of one training.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The recipe's keys that decide it, with their values, and the hash of the weights that it starts from.
    pub settings: BTreeMap<String, String>,
    /// The pictures and labels that are trained on.
    pub data: DataIdentity,
    /// What is validated on, where something is. It decides which network is the best and what the metrics say, not
    /// the last network: a training that is unfinished goes on with the same only, a finished one does not ask.
    pub validation: Option<Validated>,
    /// The digest that earlier versions gave this training, which had no hashes of pictures in it. What they left is gone
    /// on with, and a warning says so.
    pub earlier: Option<String>,
}

/// The pictures of a validation and how they are shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validated {
    /// The view that pictures are brought to.
    pub view: String,
    /// The pictures and labels.
    pub data: DataIdentity,
}

/// The file beside the states.
#[derive(Serialize, Deserialize)]
struct Kept {
    digest: String,
    state_digest: String,
    settings: BTreeMap<String, String>,
    data: DataIdentity,
    validation: Option<Validated>,
}

impl Identity {
    /// What finished networks carry: the first 16 digits of a SHA-256 over settings and data.
    pub fn digest(&self) -> String {
        let lines = self.settings.iter().map(|(key, value)| format!("{key} = {value}\n"));
        short(&(lines.collect::<String>() + &self.data.digest()))
    }

    /// What states carry: [`Identity::digest`] and, where it validates, a digest of what it validates on.
    pub fn state_digest(&self) -> String {
        let validated = self.validation.as_ref().map(|v| short(&format!("{}\n{}", v.view, v.data.digest())));
        validated.map_or(self.digest(), |validated| format!("{}-{validated}", self.digest()))
    }

    /// Checks the digest `found` in the file at `path` against `wanted`, one of this identity's.
    ///
    /// # Errors
    /// [`Error::OtherRun`] with every difference, where `path`'s folder still says what the file was made from.
    pub(crate) fn check(&self, path: &Path, found: &str, wanted: &str) -> Result<()> {
        if found == wanted {
            return Ok(());
        }
        if self.earlier.as_deref() == Some(found) {
            tracing::warn!(
                "{}: an earlier version made it and did not keep which pictures and labels it was trained on; \
                 going on as if they were those that lie there now",
                path.display()
            );
            return Ok(());
        }
        let differences = self.differences(path.parent().unwrap_or(Path::new(".")), found);
        let (found, expected) = (found.to_owned(), wanted.to_owned());
        Err(Error::OtherRun { path: path.to_owned(), found, expected, differences })
    }

    /// Every difference to what the folder says of the training with the digest `found`; none where it does not say.
    fn differences(&self, dir: &Path, found: &str) -> Vec<String> {
        let text = std::fs::read_to_string(dir.join(NAME)).unwrap_or_default();
        let Ok(old) = serde_json::from_str::<Kept>(&text) else { return Vec::new() };
        if old.digest != found && old.state_digest != found {
            return Vec::new();
        }
        let mut all = changed_keys(&old.settings, &self.settings);
        all.extend(old.data.change(&self.data).map(|change| change.to_string()));
        if let (Some(old), Some(new)) = (&old.validation, &self.validation) {
            let view = |v: &Validated| BTreeMap::from([("eval.view".to_owned(), v.view.clone())]);
            all.extend(changed_keys(&view(old), &view(new)));
            all.extend(old.data.change(&new.data).map(|change| change.to_string()));
        }
        all
    }

    /// Writes the file that explains the digests of what else will lie in `dir`.
    pub(crate) fn write(&self, dir: &Path) -> Result<()> {
        let kept = Kept {
            digest: self.digest(),
            state_digest: self.state_digest(),
            settings: self.settings.clone(),
            data: self.data.clone(),
            validation: self.validation.clone(),
        };
        let text = serde_json::to_string_pretty(&kept).expect("strings and lists serialise");
        write_atomic(&dir.join(NAME), text.as_bytes())
    }
}

fn changed_keys(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<String> {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let value = |of: &BTreeMap<String, String>, key: &String| of.get(key).cloned().unwrap_or_default();
    let both = keys.into_iter().map(|key| Difference {
        key: key.clone(),
        old: value(old, key),
        new: value(new, key),
    });
    both.filter(|d| d.old != d.new).map(|d| format!("\n  {d}")).collect()
}

fn short(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use scribe_records::PictureIdentity;

    fn identity(rate: &str, picture: &str) -> Identity {
        let hashes =
            PictureIdentity { id: "p".into(), picture_sha256: picture.into(), label_sha256: "l".into() };
        Identity {
            settings: BTreeMap::from([("train.lr".into(), rate.into())]),
            data: DataIdentity { list: "train".into(), pictures: vec![hashes] },
            validation: None,
            earlier: Some("before".into()),
        }
    }

    #[test]
    fn a_difference_is_named_by_key_and_by_picture() {
        let dir = tempfile::tempdir().unwrap();
        let (old, new) = (identity("1", "a"), identity("2", "b"));
        old.write(dir.path()).unwrap();
        let state = dir.path().join("state");
        let said = new.check(&state, &old.digest(), &new.digest()).unwrap_err().to_string();
        assert!(said.contains("train.lr: 1 -> 2") && said.contains("another content: p"), "{said}");
        // A digest that the folder does not explain.
        let said = new.check(&state, "unknown", &new.digest()).unwrap_err().to_string();
        assert!(said.contains("unknown") && said.contains(&new.digest()), "{said}");
        new.check(&state, &new.digest(), &new.digest()).unwrap();
        new.check(&state, "before", &new.digest()).unwrap();
    }

    #[test]
    fn an_unfinished_training_is_bound_to_what_it_validates_on() {
        let plain = identity("1", "a");
        assert_eq!(plain.state_digest(), plain.digest());
        let validated = |view: &str| Identity {
            validation: Some(Validated { view: view.into(), data: plain.data.clone() }),
            ..plain.clone()
        };
        let (old, new) = (validated("native"), validated("squash:64"));
        assert_eq!(old.digest(), new.digest());
        let dir = tempfile::tempdir().unwrap();
        old.write(dir.path()).unwrap();
        let said = new.check(&dir.path().join("s"), &old.state_digest(), &new.state_digest()).unwrap_err();
        assert!(said.to_string().contains("eval.view: native -> squash:64"), "{said}");
    }
}
