//! Making, opening and closing a store.

use super::{Store, sql};
use crate::{Error, Manifest, Result};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// "SCRB", SQLite's application id of our files.
const APPLICATION_ID: i32 = 0x5343_5242;
/// The version of the tables.
const SCHEMA_VERSION: i32 = 2;
/// How long a writer waits for another one.
const BUSY: Duration = Duration::from_secs(5);

impl Store {
    /// Makes a store at `path`, complete with its tables and manifest or not at all.
    ///
    /// # Errors
    /// [`Error::Exists`] if there is one; [`Error::Io`] or [`Error::Sqlite`] if the folder cannot be written.
    pub fn create(path: &Path, manifest: &Manifest) -> Result<Store> {
        if path.exists() {
            return Err(Error::Exists { path: path.to_owned() });
        }
        let draft = draft_of(path);
        let io = |source| Error::Io { path: draft.clone(), source };
        match std::fs::remove_file(&draft) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(io(e)),
            _ => {}
        }
        write_draft(&draft, manifest)?;
        std::fs::rename(&draft, path).map_err(io)?;
        Store::open(path)
    }

    /// Opens a store to read it, or to add units to it.
    ///
    /// A file that may not be written is opened for reading.
    ///
    /// # Errors
    /// [`Error::Missing`] if there is no file, [`Error::NotAStore`] if it is no store of ours or damaged.
    pub fn open(path: &Path) -> Result<Store> {
        if !path.exists() {
            return Err(Error::Missing { path: path.to_owned() });
        }
        let db =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(sql::at(path))?;
        db.busy_timeout(BUSY).map_err(sql::at(path))?;
        let manifest = verified(&db).map_err(|reason| Error::NotAStore { path: path.to_owned(), reason })?;
        if !db.is_readonly("main").map_err(sql::at(path))? {
            let setup = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;";
            db.execute_batch(setup).map_err(sql::at(path))?;
        }
        Ok(Store { path: path.to_owned(), manifest, db })
    }

    /// Goes on with the store at `path` if there is one and it was made under the same settings; makes it if not.
    ///
    /// Models, modes, corruptions, severities and pictures that `manifest` has and the store has not are added to the
    /// store's manifest.
    ///
    /// # Errors
    /// [`Error::Digest`] lists every setting that differs, [`Error::Label`] names a label that another model has; otherwise as [`Store::create`] and [`Store::open`].
    pub fn open_or_resume(path: &Path, manifest: &Manifest) -> Result<Store> {
        if !path.exists() {
            return Store::create(path, manifest);
        }
        let mut store = Store::open(path)?;
        let differences = store.manifest.differences(manifest);
        if !differences.is_empty() {
            return Err(Error::Digest { path: path.to_owned(), differences });
        }
        if let Some((label, holder, model)) = store.manifest.label_taken(manifest) {
            return Err(Error::Label { path: path.to_owned(), label, holder, model });
        }
        let extended = store.manifest.extended(manifest);
        if extended != store.manifest {
            let update = "UPDATE manifest SET json = ?1 WHERE id = 1";
            store.db.execute(update, [to_json(&extended)]).map_err(sql::at(path))?;
            store.manifest = extended;
        }
        Ok(store)
    }

    /// Ends writing and leaves a single file without side files, readable from a folder that may not be written.
    ///
    /// While another program has the store open, the side files stay until that one closes it.
    pub fn close(self) -> Result<()> {
        let at = sql::at(&self.path);
        if !self.db.is_readonly("main").map_err(&at)? {
            // A reader keeps the file in write-ahead mode, which is no loss: everything is committed.
            self.db.busy_timeout(Duration::ZERO).map_err(&at)?;
            match self.db.execute_batch("PRAGMA journal_mode = DELETE;") {
                Err(e) if e.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {}
                other => other.map_err(&at)?,
            }
        }
        self.db.close().map_err(|(_, source)| at(source))
    }
}

fn draft_of(path: &Path) -> PathBuf {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".{name}.draft"))
}

fn write_draft(draft: &Path, manifest: &Manifest) -> Result<()> {
    let at = sql::at(draft);
    let db = Connection::open(draft).map_err(&at)?;
    // Moments are rows of up to 42 kB; larger pages spare them long chains.
    let setup = format!(
        "PRAGMA page_size = 8192; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
    );
    db.execute_batch(&setup).map_err(&at)?;
    db.execute_batch(include_str!("schema.sql")).map_err(&at)?;
    db.execute("INSERT INTO manifest (id, json) VALUES (1, ?1)", [to_json(manifest)]).map_err(&at)?;
    db.close().map_err(|(_, source)| at(source))
}

fn to_json(manifest: &Manifest) -> String {
    serde_json::to_string_pretty(manifest)
        .expect("a manifest is strings, numbers and lists, which JSON can hold")
}

/// Reads the manifest of a file that is ours and sound; the text says what it is instead.
fn verified(db: &Connection) -> std::result::Result<Manifest, String> {
    let text = |e: rusqlite::Error| e.to_string();
    let id: i32 = db.pragma_query_value(None, "application_id", |r| r.get(0)).map_err(text)?;
    if id != APPLICATION_ID {
        return Err(format!("its application id is {id:#x}, expected {APPLICATION_ID:#x}"));
    }
    let version: i32 = db.pragma_query_value(None, "user_version", |r| r.get(0)).map_err(text)?;
    if version != SCHEMA_VERSION {
        let whose = if version < SCHEMA_VERSION { "an older" } else { "a newer" };
        return Err(format!(
            "its tables have version {version}, this program knows {SCHEMA_VERSION}: {whose} scribe made it; \
             read it with that one, or evaluate again into another folder"
        ));
    }
    let check: String = db.query_row("PRAGMA quick_check(1)", [], |r| r.get(0)).map_err(text)?;
    if check != "ok" {
        return Err(format!("it is damaged: {check}"));
    }
    let json: String =
        db.query_row("SELECT json FROM manifest WHERE id = 1", [], |r| r.get(0)).map_err(text)?;
    serde_json::from_str(&json).map_err(|e| format!("its manifest: {e}"))
}
