//! A file of weights with its hash.

use scribe_model::{LoadReport, Weights};
use std::path::Path;

/// A file that was read once, so that what is loaded is what was hashed.
pub(super) struct WeightsFile {
    pub(super) weights: Weights,
    /// SHA-256 of the file, in hexadecimal digits.
    pub(super) sha256: String,
}

impl WeightsFile {
    /// Reads and parses a file.
    ///
    /// # Errors
    /// It cannot be read, or holds no weights.
    pub(super) fn read(path: &Path) -> scribe_model::Result<WeightsFile> {
        let bytes = Weights::bytes(path)?;
        let sha256 = scribe_base::digest::sha256_hex(&bytes);
        Ok(WeightsFile { weights: Weights::parse(path, &bytes)?, sha256 })
    }

    /// Logs what the file gave to a model, and what it did not.
    pub(super) fn log(&self, label: &str, report: &LoadReport) {
        tracing::info!("{label}: {}: {}", self.weights.path().display(), report.summary());
    }
}
