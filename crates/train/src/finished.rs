//! The mark of a finished training.

use crate::error::io_error;
use crate::files::write_atomic;
use crate::group::{Collective, GroupError};
use crate::training::Training;
use crate::{Error, Result};
use scribe_base::digest::sha256_hex_of_reader;
use scribe_model::Model;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::path::Path;

/// What was trained, and the hash of the network's file. It is written last, so a training that has it is finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// [`crate::Identity::digest`] of the training.
    pub digest: String,
    /// The steps that were made.
    pub steps: u64,
    /// The SHA-256 of `model.safetensors`.
    pub sha256: String,
}

/// Bytes of the longest mark that another process is sent.
const LONGEST: usize = 1 << 16;

impl Finished {
    /// Reads the mark, if the training is finished, and checks the network's file against it.
    pub(crate) fn find(training: &Training<'_>) -> Result<Option<Finished>> {
        let path = training.dir.join("finished.json");
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(io_error(&path))?,
        };
        let damaged = |reason: String| Error::Damaged { path: path.clone(), reason };
        let mark: Finished = serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
        training.identity.check(&path, &mark.digest, &training.identity.digest())?;
        let network = training.network_path();
        let found = hash(&network)?;
        if found != mark.sha256 {
            return Err(damaged(format!(
                "{} hashes to {found}, expected {}",
                network.display(),
                mark.sha256
            )));
        }
        Ok((mark.steps == training.config.steps).then_some(mark))
    }

    /// Gives every rank what rank 0 found or wrote.
    pub(crate) fn broadcast(group: &dyn Collective, own: Option<Finished>) -> Result<Option<Finished>> {
        let text = serde_json::to_vec(&own).expect("strings and numbers serialise");
        let zeroth = group.broadcast_bytes(&text, LONGEST)?;
        let parsed = serde_json::from_slice(&zeroth);
        Ok(parsed.map_err(|error| GroupError::Mismatch(format!("rank 0's mark: {error}")))?)
    }

    /// Saves the network, then the mark.
    pub(crate) fn save(training: &Training<'_>, model: &Model) -> Result<Finished> {
        model.save(&training.network_path())?;
        let sha256 = hash(&training.network_path())?;
        let mark = Finished { digest: training.identity.digest(), steps: training.config.steps, sha256 };
        let text = serde_json::to_string_pretty(&mark).expect("strings and numbers serialise");
        write_atomic(&training.dir.join("finished.json"), text.as_bytes())?;
        Ok(mark)
    }
}

fn hash(path: &Path) -> Result<String> {
    let file = File::open(path).map_err(io_error(path))?;
    sha256_hex_of_reader(file).map_err(io_error(path))
}
