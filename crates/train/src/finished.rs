//! The mark of a finished training.

use crate::checkpoint::Checkpoint;
use crate::error::{chain, io_error};
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
        let damaged = |reason: String| Error::Damaged { path: path.clone(), reason };
        let mark = match Finished::read(&path) {
            Ok(Some(mark)) => mark,
            Ok(None) => return Ok(None),
            // From a good state beside it the training ends in the same network; without one it would begin anew.
            Err(error @ Error::Damaged { .. })
                if Checkpoint::newest(training.dir, training.identity)?.is_some() =>
            {
                tracing::warn!("{}; continuing from the newest state beside it", chain(&error));
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
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

    /// Reads the mark at `path`, if it is there.
    pub(crate) fn read(path: &Path) -> Result<Option<Finished>> {
        let bytes = match std::fs::read(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(io_error(path))?,
        };
        let damaged =
            |error: serde_json::Error| Error::Damaged { path: path.to_owned(), reason: error.to_string() };
        serde_json::from_slice(&bytes).map(Some).map_err(damaged)
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

/// The SHA-256 of a file.
pub(crate) fn hash(path: &Path) -> Result<String> {
    let file = File::open(path).map_err(io_error(path))?;
    sha256_hex_of_reader(file).map_err(io_error(path))
}
