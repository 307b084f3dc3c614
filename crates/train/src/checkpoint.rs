//! Checkpoints: everything that a training needs to resume, in one file.
//!
//! The rules:
//! 1. A checkpoint is written whole or not at all, so a file with its final name is complete.
//! 2. The two newest are kept, so that there is an older one if the newest is damaged.
//! 3. Each has the SHA-256 of its tensors. One whose hash differs is named in the log and skipped.
//! 4. Each has the digest of its recipe, images and label maps. A checkpoint with another digest is not overwritten: it
//!    stops the training, with an error that names the differences (from `identity.json`).
//! 5. Data order, augmentation and dropout follow from (seed, step), so the step is the whole state of the generators.

use crate::error::{chain, io_error};
use crate::files::write_atomic;
use crate::{Error, Identity, Result};
use candle_core::{Device, Tensor, Var};
use safetensors::tensor::View;
use scribe_base::digest::hex;
use scribe_base::kill_point::reached;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// Prefix of the momentum buffers' names, which keeps them apart from the network's.
const OPTIMIZER: &str = "optimizer.";
/// The only metadata entry. With several, the order of a hash map would decide the file's bytes.
const HEADER: &str = "scribe";
const KEPT: usize = 2;

/// The state of a training after `step` steps.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// Finished steps.
    pub step: u64,
    /// [`Identity::state_digest`] of the training.
    pub digest: String,
    /// The network's tensors by name, buffers included.
    pub model: BTreeMap<String, Tensor>,
    /// The optimizer's buffers by parameter name.
    pub optimizer: BTreeMap<String, Tensor>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    step: u64,
    digest: String,
    sha256: String,
}

impl Checkpoint {
    /// Writes `DIR/state-STEP.safetensors`, and removes all but the newest two.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn save(&self, dir: &Path) -> Result<PathBuf> {
        let path = dir.join(format!("state-{:08}.safetensors", self.step));
        write_atomic(&path, &self.to_bytes(&path)?)?;
        reached("a state is written, older ones are there");
        for old in list(dir)?.iter().rev().skip(KEPT) {
            std::fs::remove_file(old).map_err(io_error(old))?;
        }
        Ok(path)
    }

    /// Reads one checkpoint and checks its hash.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the file is cut off, not a checkpoint, or its hash differs.
    pub fn read(path: &Path) -> Result<Checkpoint> {
        Self::from_bytes(&std::fs::read(path).map_err(io_error(path))?, path)
    }

    /// The file's content; `path` is named in errors.
    pub(crate) fn to_bytes(&self, path: &Path) -> Result<Vec<u8>> {
        let tensors = self.flat();
        let header = Header { step: self.step, digest: self.digest.clone(), sha256: hash(&tensors) };
        let text = serde_json::to_string(&header).expect("a header of strings and numbers serialises");
        let metadata = Some(HashMap::from([(HEADER.to_string(), text)]));
        let bytes = safetensors::serialize(tensors.iter().map(|(name, t)| (name.as_str(), t)), metadata);
        bytes.map_err(|error| Error::Damaged { path: path.to_path_buf(), reason: error.to_string() })
    }

    /// No checkpoint of a network with these tensors has more bytes: each tensor and its momentum, their names and shapes
    /// in JSON, and the header.
    pub(crate) fn most_bytes<'a>(tensors: impl Iterator<Item = (&'a str, &'a Var)>) -> usize {
        const HEADER_BYTES: usize = 1 << 16;
        const SHAPE_BYTES: usize = 512;
        let of = |(name, tensor): (&str, &Var)| {
            2 * (tensor.elem_count() * tensor.dtype().size_in_bytes() + name.len() + SHAPE_BYTES)
        };
        HEADER_BYTES + tensors.map(of).sum::<usize>()
    }

    /// The checkpoint of a file's content; `path` is named in errors.
    pub(crate) fn from_bytes(bytes: &[u8], path: &Path) -> Result<Checkpoint> {
        let damaged = |reason: String| Error::Damaged { path: path.to_path_buf(), reason };
        let (_, metadata) =
            safetensors::SafeTensors::read_metadata(bytes).map_err(|error| damaged(error.to_string()))?;
        let text = metadata.metadata().as_ref().and_then(|m| m.get(HEADER));
        let text = text.ok_or_else(|| damaged("no training header".into()))?;
        let header: Header = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
        let tensors = candle_core::safetensors::load_buffer(bytes, &Device::Cpu);
        let tensors: BTreeMap<_, _> =
            tensors.map_err(|error| damaged(error.to_string()))?.into_iter().collect();
        let found = hash(&tensors);
        if found != header.sha256 {
            return Err(damaged(format!("its tensors hash to {found}, its header says {}", header.sha256)));
        }
        let (optimizer, model): (BTreeMap<_, _>, _) =
            tensors.into_iter().partition(|(name, _)| name.starts_with(OPTIMIZER));
        let optimizer =
            optimizer.into_iter().map(|(name, t)| (name[OPTIMIZER.len()..].to_string(), t)).collect();
        Ok(Checkpoint { step: header.step, digest: header.digest, model, optimizer })
    }

    /// The newest usable checkpoint of a folder. Damaged ones are named in the log and skipped.
    ///
    /// # Errors
    /// [`Error::OtherRun`] when it is of another recipe or other images.
    pub fn newest(dir: &Path, identity: &Identity) -> Result<Option<Checkpoint>> {
        for path in list(dir)?.into_iter().rev() {
            match Self::read(&path) {
                Ok(found) => {
                    identity.check(&path, &found.digest, &identity.state_digest())?;
                    return Ok(Some(found));
                }
                Err(error) => tracing::warn!("{}; looking for an older one", chain(&error)),
            }
        }
        Ok(None)
    }

    fn flat(&self) -> BTreeMap<String, Tensor> {
        let optimizer = self.optimizer.iter().map(|(name, t)| (format!("{OPTIMIZER}{name}"), t.clone()));
        self.model.iter().map(|(name, t)| (name.clone(), t.clone())).chain(optimizer).collect()
    }
}

/// The paths of the states in a folder, the oldest first.
pub(crate) fn list(dir: &Path) -> Result<Vec<PathBuf>> {
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(io_error(dir))? {
        let path = entry.map_err(io_error(dir))?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with("state-") && name.ends_with(".safetensors") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn hash(tensors: &BTreeMap<String, Tensor>) -> String {
    let mut sha = Sha256::new();
    for (name, tensor) in tensors {
        sha.update(name.as_bytes());
        sha.update(View::data(&tensor));
    }
    hex(sha.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(setting: &str) -> Identity {
        let settings = BTreeMap::from([("key".to_string(), setting.to_string())]);
        Identity { settings, data: scribe_records::DataIdentity::default(), validation: None, earlier: None }
    }

    fn at_step(step: u64) -> Checkpoint {
        let tensor = Tensor::new(&[step as f32, 2.], &Device::Cpu).unwrap();
        let map = BTreeMap::from([("w".to_string(), tensor)]);
        Checkpoint { step, digest: identity("d").state_digest(), model: map.clone(), optimizer: map }
    }

    #[test]
    fn round_trip_keeps_two() {
        let dir = tempfile::tempdir().unwrap();
        for step in [1, 2, 3] {
            at_step(step).save(dir.path()).unwrap();
        }
        assert_eq!(list(dir.path()).unwrap().len(), KEPT);
        let back = Checkpoint::newest(dir.path(), &identity("d")).unwrap().unwrap();
        assert_eq!(back.step, 3);
        assert_eq!(back.optimizer["w"].to_vec1::<f32>().unwrap(), [3., 2.]);
    }

    #[test]
    fn same_state_same_bytes() {
        let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (a, b) = (at_step(7).save(a.path()).unwrap(), at_step(7).save(b.path()).unwrap());
        assert_eq!(std::fs::read(a).unwrap(), std::fs::read(b).unwrap());
    }

    #[test]
    fn a_damaged_newest_is_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        at_step(1).save(dir.path()).unwrap();
        let newest = at_step(2).save(dir.path()).unwrap();
        let mut bytes = std::fs::read(&newest).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(&newest, &bytes).unwrap();
        assert!(matches!(Checkpoint::read(&newest), Err(Error::Damaged { .. })));
        assert_eq!(Checkpoint::newest(dir.path(), &identity("d")).unwrap().unwrap().step, 1);
        bytes.truncate(40);
        std::fs::write(&newest, &bytes).unwrap();
        assert!(matches!(Checkpoint::read(&newest), Err(Error::Damaged { .. })));
    }

    #[test]
    fn another_recipe_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        at_step(1).save(dir.path()).unwrap();
        assert!(matches!(Checkpoint::newest(dir.path(), &identity("other")), Err(Error::OtherRun { .. })));
    }
}
