//! The store of a run: one SQLite file that takes units whole, and each key only once.

mod block_sums;
mod calibration;
mod commit;
mod connect;
mod data;
mod further;
mod merge;
mod moved_labels;
mod non_distinctiveness;
mod open;
mod read;
mod read_moments;
mod read_panels;
mod replace;
mod rows;
mod schema;
mod side_files;
mod sql;

pub use block_sums::SumBlock;
pub use read_moments::{CrossBlock, MomentBlock, SweepBlock};
pub use read_panels::Panel;

use crate::Manifest;
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// The results of a run.
///
/// A unit is one transaction: whatever ends the process, the units committed before are kept and the current unit is not.
/// While a store is open for writing, SQLite keeps two side files (`-wal`, `-shm`) next to it; [`Store::close`] leaves one
/// file.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    manifest: Manifest,
    db: Connection,
    /// Whether it was opened to be written and is therefore in write-ahead mode.
    writes: bool,
}

impl Store {
    /// The name of the store in the folder of a run.
    pub const FILE_NAME: &'static str = "store.sqlite";

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How the results were made.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}
