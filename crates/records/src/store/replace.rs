//! Putting a finished store in the place of another.

use super::{Store, side_files};
use crate::Result;
use scribe_base::atomic_file::publish;
use std::path::Path;

impl Store {
    /// Removes the store at `path` with its side files, as far as they are there; nobody may have it open.
    ///
    /// # Errors
    /// [`crate::Error::Io`] when one of the files cannot be removed.
    pub fn remove(path: &Path) -> Result<()> {
        side_files::remove_database(path)
    }

    /// Moves the closed store at `new`, in the same folder, to `path`, where it replaces a store that may be there.
    ///
    /// What a killed process left beside the earlier store belongs to that one and goes with it. The caller is the only
    /// process that writes at `path`; readers keep what they have open.
    ///
    /// # Errors
    /// [`crate::Error::Io`] when a file cannot be removed, [`crate::Error::Write`] when one cannot be moved.
    pub fn replace(new: &Path, path: &Path) -> Result<()> {
        // Opened and closed, the earlier store takes in what waits beside it, so that a kill at this point leaves it sound.
        if let Ok(old) = Store::open(path) {
            let _ = old.close();
        }
        side_files::remove_side_files(path)?;
        Ok(publish(new, path)?)
    }
}
