//! What determines the result of a training. It is stored next to the checkpoints, so that a later difference can be named.

use crate::files::write_atomic;
use crate::{Error, Result};
use scribe_base::digest::sha256_hex;
use scribe_records::{DataIdentity, Difference};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The file's name in the folder of a training.
const NAME: &str = "identity.json";

/// What determines the result of a training.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The recipe's keys that decide the outcome, with their values, and the hash of the weights that training starts from.
    pub settings: BTreeMap<String, String>,
    /// The images and label maps of the training.
    pub data: DataIdentity,
    /// The data of the validation, if there is one. It decides which network is the best and what the metrics are, but not
    /// the last network, so only an unfinished training is bound to it.
    pub validation: Option<ValidationData>,
    /// The digest that earlier versions of this program gave this training, without the hashes of images. Their files are
    /// accepted, with a warning.
    pub earlier: Option<String>,
}

/// The data of a validation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidationData {
    /// The view of the images.
    pub view: String,
    /// The images and label maps.
    pub data: DataIdentity,
}

/// The content of the file.
#[derive(Serialize, Deserialize)]
struct Stored {
    digest: String,
    state_digest: String,
    settings: BTreeMap<String, String>,
    data: DataIdentity,
    validation: Option<ValidationData>,
}

impl Identity {
    /// The digest of a finished network: the first 16 digits of a SHA-256 over settings and data.
    pub fn digest(&self) -> String {
        let lines = self.settings.iter().map(|(key, value)| format!("{key} = {value}\n"));
        short(&(lines.collect::<String>() + &self.data.digest()))
    }

    /// The digest of a checkpoint: [`Identity::digest`] and, if there is a validation, a digest of its data.
    pub fn state_digest(&self) -> String {
        let validated = self.validation.as_ref().map(|v| short(&format!("{}\n{}", v.view, v.data.digest())));
        validated.map_or(self.digest(), |validated| format!("{}-{validated}", self.digest()))
    }

    /// Checks the digest `found` in the file at `path` against `wanted`, one of this identity's.
    ///
    /// # Errors
    /// [`Error::OtherRun`], with every difference where `path`'s folder still tells what the file was made from.
    pub(crate) fn check(&self, path: &Path, found: &str, wanted: &str) -> Result<()> {
        if found == wanted {
            return Ok(());
        }
        if self.earlier.as_deref() == Some(found) {
            tracing::warn!(
                "{}: an earlier version made it and did not keep which pictures and labels it was trained on; \
                 continuing as if they were the present ones",
                path.display()
            );
            return Ok(());
        }
        let differences = self.differences(path.parent().unwrap_or(Path::new(".")), found);
        let (found, expected) = (found.to_owned(), wanted.to_owned());
        Err(Error::OtherRun { path: path.to_owned(), found, expected, differences })
    }

    /// Every difference to the training with the digest `found`; none where the folder does not describe that training.
    fn differences(&self, dir: &Path, found: &str) -> Vec<String> {
        let text = std::fs::read_to_string(dir.join(NAME)).unwrap_or_default();
        let Ok(old) = serde_json::from_str::<Stored>(&text) else { return Vec::new() };
        if old.digest != found && old.state_digest != found {
            return Vec::new();
        }
        let mut all = lines(&changed_settings(&old.settings, &self.settings));
        all.extend(old.data.change(&self.data).map(|change| change.to_string()));
        if let (Some(old), Some(new)) = (&old.validation, &self.validation) {
            let view = |v: &ValidationData| BTreeMap::from([("eval.view".to_owned(), v.view.clone())]);
            all.extend(lines(&changed_settings(&view(old), &view(new))));
            all.extend(old.data.change(&new.data).map(|change| change.to_string()));
        }
        all
    }

    /// Writes the file that explains the digests of the other files in `dir`.
    pub(crate) fn write(&self, dir: &Path) -> Result<()> {
        let stored = Stored {
            digest: self.digest(),
            state_digest: self.state_digest(),
            settings: self.settings.clone(),
            data: self.data.clone(),
            validation: self.validation.clone(),
        };
        let text = serde_json::to_string_pretty(&stored).expect("strings and lists serialise");
        write_atomic(&dir.join(NAME), text.as_bytes())
    }
}

/// The images and label maps of the training in `dir`, if its folder says so.
///
/// # Errors
/// A sentence, where the file is there and cannot be read.
pub(crate) fn data(dir: &Path) -> std::result::Result<Option<DataIdentity>, String> {
    match std::fs::read(dir.join(NAME)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{NAME}: {error}")),
        Ok(bytes) => {
            let stored = serde_json::from_slice::<Stored>(&bytes);
            stored.map(|stored| Some(stored.data)).map_err(|error| format!("{NAME}: {error}"))
        }
    }
}

/// The settings whose values differ, in the order of their keys. A setting that one side lacks has an empty value there.
pub fn changed_settings(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<Difference> {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let value = |side: &BTreeMap<String, String>, key: &String| side.get(key).cloned().unwrap_or_default();
    let both = keys.into_iter().map(|key| Difference {
        key: key.clone(),
        old: value(old, key),
        new: value(new, key),
    });
    both.filter(|difference| difference.old != difference.new).collect()
}

fn lines(differences: &[Difference]) -> Vec<String> {
    differences.iter().map(|difference| format!("\n  {difference}")).collect()
}

/// The first 16 digits of the SHA-256.
fn short(text: &str) -> String {
    sha256_hex(text)[..16].to_string()
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
            validation: Some(ValidationData { view: view.into(), data: plain.data.clone() }),
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
