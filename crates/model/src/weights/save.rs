//! A network's tensors to a file.

use crate::parameters::Parameters;
use crate::{Error, Result};
use std::path::Path;

/// Writes all tensors as `.safetensors`, through a temporary file in the same folder.
pub(crate) fn save(parameters: &Parameters, path: &Path) -> Result<()> {
    let io = |source| Error::Io { path: path.to_path_buf(), source };
    let tensors = parameters.named().map(|(name, var)| (name, var.as_detached_tensor()));
    let bytes = safetensors::serialize(tensors, None)
        .map_err(|error| Error::Weights { path: path.to_path_buf(), reason: error.to_string() })?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(io)?;
    std::io::Write::write_all(&mut file, &bytes).map_err(io)?;
    file.as_file().sync_all().map_err(io)?;
    file.persist(path).map_err(|error| io(error.error))?;
    Ok(())
}
