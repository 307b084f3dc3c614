//! Removes a store, or replaces it by another.

use super::{Store, side_files};
use crate::Result;
use scribe_base::atomic_file::publish;
use scribe_base::kill_point::reached;
use std::path::Path;

impl Store {
    /// Removes the store at `path` with its side files, as far as they are there; no process may have it open.
    ///
    /// # Errors
    /// [`crate::Error::Io`] when one of the files cannot be removed.
    pub fn remove(path: &Path) -> Result<()> {
        side_files::remove_database(path)
    }

    /// Moves the closed store at `new`, in the same folder, to `path`, where it replaces a store that may be there.
    ///
    /// Side files that a killed process left next to the earlier store belong to that one and are removed with it. No other
    /// process may write at `path`; readers that have the earlier store open keep it.
    ///
    /// # Errors
    /// [`crate::Error::Io`] when a file cannot be removed, [`crate::Error::Write`] when one cannot be moved.
    pub fn replace(new: &Path, path: &Path) -> Result<()> {
        // Opening and closing the earlier store moves the changes in its side files into it, so that a kill at this point
        // leaves it sound.
        if let Ok(old) = Store::open(path) {
            let _ = old.close();
        }
        reached("the earlier store is closed");
        side_files::remove_side_files(path)?;
        Ok(publish(new, path)?)
    }
}
