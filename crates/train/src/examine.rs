//! Looks at the folder of a training, and says what in it is damaged.

use crate::checkpoint::{self, Checkpoint};
use crate::error::chain;
use crate::finished::{Finished, hash};
use crate::identity;
use scribe_records::DataIdentity;
use std::path::Path;

/// What [`examine`] found.
#[derive(Clone, Debug, Default)]
pub struct ExaminedTraining {
    /// The mark of a finished training; `None` in the folder of one that is not finished.
    pub finished: Option<Finished>,
    /// Training states.
    pub states: usize,
    /// The images and label maps that it was trained on, where its folder says so.
    pub data: Option<DataIdentity>,
    /// One sentence for each file that is damaged.
    pub problems: Vec<String>,
}

/// Reads what the folder `dir` of a training holds: the network is compared with the hash in `finished.json`, and the states
/// with the hashes in themselves. Nothing is changed.
pub fn examine(dir: &Path) -> ExaminedTraining {
    let mut found = ExaminedTraining::default();
    match identity::data(dir) {
        Ok(data) => found.data = data,
        Err(problem) => found.problems.push(problem),
    }
    match Finished::read(&dir.join("finished.json")) {
        Ok(finished) => found.finished = finished,
        Err(error) => found.problems.push(chain(&error)),
    }
    if let Some(finished) = &found.finished {
        let network = dir.join("model.safetensors");
        match hash(&network) {
            Ok(sha256) if sha256 == finished.sha256 => {}
            Ok(sha256) => found.problems.push(format!(
                "model.safetensors hashes to {sha256}, finished.json says {}",
                finished.sha256
            )),
            Err(error) => found.problems.push(chain(&error)),
        }
    }
    match checkpoint::list(dir) {
        Ok(states) => {
            found.states = states.len();
            found
                .problems
                .extend(states.iter().filter_map(|path| Checkpoint::read(path).err()).map(|e| chain(&e)));
        }
        Err(error) => found.problems.push(chain(&error)),
    }
    found
}
