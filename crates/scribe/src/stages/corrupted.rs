//! A corrupted set on disk, as another program predicted it.

use std::path::PathBuf;

/// The folder of a corrupted set.
#[derive(Clone, Debug)]
pub struct Corrupted {
    /// The folder.
    pub folder: PathBuf,
    /// The command that makes the set that the recipe tests, for error messages.
    pub remake: String,
}
