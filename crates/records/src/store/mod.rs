//! The store of a run: one SQLite file that takes units whole, and each key only once.

mod block_sums;
mod calibration;
mod check;
mod check_unit;
mod checksum;
mod commit;
mod connect;
mod data;
mod examine;
mod files;
mod further;
mod insert;
mod label_maps;
mod labels;
mod merge;
mod moved_labels;
mod non_distinctiveness;
mod open;
mod read;
mod read_moments;
mod read_panels;
mod replace;
mod rows;
mod scan;
mod schema;
mod side_files;
mod sql;
mod statements;
mod upgrade;
mod write_manifest;

pub use block_sums::SumBlock;
pub use examine::Examined;
pub use read_moments::{CrossBlock, MomentBlock, SweepBlock};
pub use read_panels::Panel;
pub use scan::ExaminedTable;

use crate::Manifest;
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// The results of a run.
///
/// A unit is written whole or not at all: whatever ends the process, the units committed before are kept and the current ones
/// are not.
/// While a store is open for writing, SQLite keeps two side files (`-wal`, `-shm`) next to it; [`Store::close`] leaves one
/// file.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    manifest: Manifest,
    db: Connection,
    /// Whether it was opened to be written and is therefore in write-ahead mode.
    writes: bool,
    /// The version of its tables.
    version: i32,
    /// Rows that were there without a checksum when it was opened.
    without_checksum: u64,
    /// The files that SQLite has open.
    files: files::Files,
}

impl Store {
    /// The name of the store in the folder of a run.
    pub const FILE_NAME: &'static str = "store.sqlite";

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The bytes of the file, and of the log beside it in which SQLite keeps what was written last.
    pub fn bytes(&self) -> u64 {
        side_files::bytes(&self.path)
    }

    /// How many of its rows have no checksum, because a version of this program wrote them that did not know checksums: a bit
    /// that they lost since then was not noticed when the store was opened.
    pub fn without_checksum(&self) -> u64 {
        self.without_checksum
    }

    /// How the results were made.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}
