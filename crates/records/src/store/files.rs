//! Notices that a store's files were taken away while it was open, and opens them again where nothing is lost by that.

use super::side_files::beside;
use super::{Store, connect, sql};
use crate::{Error, Result};
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// The files that SQLite has open. It writes into them also after they have lost their names, and nobody else then finds what
/// it writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Files {
    /// Where the database is, through all links: SQLite's side files are beside it.
    place: PathBuf,
    database: Option<Identity>,
    log: Option<Identity>,
}

/// Device and number of a file.
type Identity = (u64, u64);

impl Files {
    /// Those of the store at `path`, which is open.
    pub(super) fn of(path: &Path) -> Files {
        Files::at(path.canonicalize().unwrap_or_else(|_| path.to_owned()))
    }

    fn at(place: PathBuf) -> Files {
        Files { database: identity(&place), log: identity(&beside(&place, "-wal")), place }
    }
}

impl Store {
    /// Makes sure that what was committed is where others look for it; asked after each commit.
    ///
    /// A second SQLite library in the same process, such as that of Python's `sqlite3`, does not see the locks of this one:
    /// when it closes the file, it takes itself for the last that has it open, and removes the write-ahead log. What is in the
    /// log is then brought into the database, and both are opened again.
    ///
    /// # Errors
    /// [`Error::TakenAway`] where the database itself is another file, or none; [`Error::LogHeld`] where a reader keeps the log
    /// from being brought into it.
    pub(super) fn keep_in_reach(&mut self) -> Result<()> {
        let now = Files::at(self.files.place.clone());
        if now == self.files {
            return Ok(());
        }
        if now.database != self.files.database {
            return Err(Error::TakenAway { path: self.path.clone() });
        }
        let path = self.path.clone();
        let log = self.db.query_row("PRAGMA wal_checkpoint(FULL)", [], |row| row.get(0));
        if log.map_err(sql::at(&path))? {
            return Err(Error::LogHeld { path });
        }
        self.reopen().map_err(sql::at(&path))
    }

    fn reopen(&mut self) -> rusqlite::Result<()> {
        // The earlier connection must be closed first: SQLite would give a second one the index of the log that is gone.
        let earlier = std::mem::replace(&mut self.db, Connection::open_in_memory()?);
        earlier.close().map_err(|(_, error)| error)?;
        let db = connect::opened(&self.files.place)?;
        connect::set_up(&db)?;
        if self.writes {
            connect::set_up_writer(&db)?;
        }
        self.db = db;
        self.files = Files::at(self.files.place.clone());
        Ok(())
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    let found = path.metadata().ok()?;
    Some((found.dev(), found.ino()))
}

/// Elsewhere a file that is open cannot lose its name.
#[cfg(not(unix))]
fn identity(_: &Path) -> Option<Identity> {
    None
}
