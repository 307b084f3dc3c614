//! Writes a network's tensors to a file.

use crate::parameters::Parameters;
use crate::{Error, Result};
use std::path::Path;

/// Writes all tensors as `.safetensors`, whole or not at all.
pub(crate) fn save(parameters: &Parameters, path: &Path) -> Result<()> {
    let tensors = parameters.named().map(|(name, var)| (name, var.as_detached_tensor()));
    let bytes = safetensors::serialize(tensors, None)
        .map_err(|error| Error::Weights { path: path.to_path_buf(), reason: error.to_string() })?;
    Ok(scribe_base::atomic_file::write(path, &bytes)?)
}
