//! What can go wrong with an export, named by file.

use scribe_base::atomic_file::WriteError;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// The result of an export.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong.
#[derive(Debug, Error)]
pub enum Error {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] scribe_records::Error),
    /// The folder for the tables cannot be made.
    #[error("{}: cannot be made a folder (expected a new or existing one)", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A row or the head of a table cannot be written.
    #[error("{}: the table cannot be written", path.display())]
    Table {
        /// The table's file.
        path: PathBuf,
        /// What the writer of this format said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The crate was built without Parquet.
    #[error(
        "this build has no Parquet: install it with `cargo install --locked --path crates/scribe --features parquet`, or choose `--format csv`"
    )]
    WithoutParquet,
}
