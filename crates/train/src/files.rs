//! Writes the files in the folder of a training.

use crate::Result;
use crate::error::io_error;
use std::path::Path;

/// Writes a file whole or not at all, and its folder where there is none.
pub(crate) fn write_atomic(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(io_error(folder))?;
    Ok(scribe_base::atomic_file::write(path, bytes)?)
}
