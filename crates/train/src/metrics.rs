//! The lines of `metrics.jsonl`.

use crate::Result;
use crate::error::io_error;
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::path::Path;

/// One line of `metrics.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Finished steps.
    pub step: u64,
    /// The epoch that the step belongs to, from 0.
    pub epoch: u64,
    /// The step's loss.
    pub loss: f64,
    /// Learning rate of the backbone.
    pub lr_backbone: f64,
    /// Learning rate of the head.
    pub lr_head: f64,
    /// Clean mIoU in `[0, 1]` on the validation images, where this step ended with a validation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub miou: Option<f64>,
}

/// Reads `metrics.jsonl`. A last line that a kill cut off is left out, and a file that does not exist has no lines.
///
/// # Errors
/// [`crate::Error::Io`] when the file exists and cannot be read.
pub fn read_metrics(path: &Path) -> Result<Vec<Metrics>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text.lines().map_while(|line| serde_json::from_str(line).ok()).collect()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(io_error(path)(error)),
    }
}

impl Metrics {
    /// The line of the file, with its line feed.
    pub(crate) fn line(&self) -> String {
        serde_json::to_string(self).expect("numbers serialise") + "\n"
    }
}

/// The metrics of the first `done` steps, which a resumed training keeps.
pub(crate) fn kept_metrics(path: &Path, done: u64) -> Result<Vec<Metrics>> {
    let mut metrics = read_metrics(path)?;
    metrics.retain(|m| m.step <= done);
    Ok(metrics)
}
