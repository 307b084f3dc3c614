//! A network's tensors to a file.

use crate::parameters::Parameters;
use crate::{Error, Result};
use std::path::Path;

/// Writes all tensors as `.safetensors`, through a temporary file in the same folder.
///
/// The file has the mode that the umask leaves; where `path` is a symbolic link, the link stays and its target is
/// replaced.
pub(crate) fn save(parameters: &Parameters, path: &Path) -> Result<()> {
    let io = |source| Error::Io { path: path.to_path_buf(), source };
    let tensors = parameters.named().map(|(name, var)| (name, var.as_detached_tensor()));
    let bytes = safetensors::serialize(tensors, None)
        .map_err(|error| Error::Weights { path: path.to_path_buf(), reason: error.to_string() })?;
    // A link to a file that is not there yet cannot be followed to its end, and is replaced.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = temporary().tempfile_in(folder).map_err(io)?;
    std::io::Write::write_all(&mut file, &bytes).map_err(io)?;
    file.as_file().sync_all().map_err(io)?;
    file.persist(&target).map_err(|error| io(error.error))?;
    Ok(())
}

/// Temporary files that end as ordinary ones: readable for whom the umask allows, not for their owner alone.
fn temporary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}
