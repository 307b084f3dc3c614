//! The mark of a finished training.

use crate::config::Job;
use crate::error::at;
use crate::group::{Collective, GroupError};
use crate::{Error, Result};
use scribe_model::Model;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Written last, beside the network: what was trained and the hash of its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// Digest of the recipe's part that decided the outcome.
    pub digest: String,
    /// Steps that were made.
    pub steps: u64,
    /// SHA-256 of `model.safetensors`.
    pub sha256: String,
}

impl Finished {
    /// The mark, if the job is finished and its network is the one that was marked.
    pub(crate) fn find(job: &Job<'_>) -> Result<Option<Finished>> {
        let path = job.dir.join("finished.json");
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(at(&path))?,
        };
        let damaged = |reason: String| Error::Damaged { path: path.clone(), reason };
        let mark: Finished = serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
        job.identity.check(&path, &mark.digest, &job.identity.digest())?;
        let network = job.network_path();
        let found = hash(&network)?;
        if found != mark.sha256 {
            return Err(damaged(format!(
                "{} hashes to {found}, expected {}",
                network.display(),
                mark.sha256
            )));
        }
        Ok((mark.steps == job.config.steps).then_some(mark))
    }

    /// What rank 0 found or wrote, on every rank.
    pub(crate) fn of_rank_0(group: &dyn Collective, own: Option<Finished>) -> Result<Option<Finished>> {
        let text = serde_json::to_vec(&own).expect("strings and numbers serialise");
        let zeroth = group.broadcast_bytes(&text)?;
        let parsed = serde_json::from_slice(&zeroth);
        Ok(parsed.map_err(|error| GroupError::Mismatch(format!("rank 0's mark: {error}")))?)
    }

    /// Saves the network, then the mark.
    pub(crate) fn save(job: &Job<'_>, model: &Model) -> Result<Finished> {
        model.save(&job.network_path())?;
        let sha256 = hash(&job.network_path())?;
        let mark = Finished { digest: job.identity.digest(), steps: job.config.steps, sha256 };
        let text = serde_json::to_string_pretty(&mark).expect("strings and numbers serialise");
        crate::checkpoint::write_atomic(&job.dir.join("finished.json"), text.as_bytes())?;
        Ok(mark)
    }
}

fn hash(path: &std::path::Path) -> Result<String> {
    let bytes = std::fs::read(path).map_err(at(path))?;
    Ok(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}
