//! Looks at everything that a store's file holds, and says what is wrong with it.

use super::scan::{ExaminedTable, scan};
use super::{Store, check, connect, sql};
use crate::{DataIdentity, Error, PictureIdentity, Result};
use rusqlite::Connection;
use scribe_base::digest::hex;
use sha2::{Digest, Sha256};
use std::path::Path;

/// What [`Store::examine`] found.
#[derive(Clone, Debug)]
pub struct Examined {
    /// Every table, in alphabetical order.
    pub tables: Vec<ExaminedTable>,
    /// The SHA-256 over all rows of all tables, each table in the order of its key, without the checksums. Stores of one
    /// evaluation have the same one, however often the evaluation was killed and wherever its shards were computed.
    pub content_sha256: String,
    /// One sentence for each thing that is wrong. A sound store has none.
    pub problems: Vec<String>,
}

impl Store {
    /// Reads every page, index, reference and row of the file at `path`. [`Store::open`] stops at the first thing that is
    /// wrong; this names all.
    ///
    /// # Errors
    /// [`Error::Missing`] if there is no file, [`Error::NotAStore`] if it is none of scribe's or too damaged to be read.
    pub fn examine(path: &Path) -> Result<Examined> {
        let there = path.try_exists().map_err(|source| Error::Io { path: path.to_owned(), source })?;
        if !there {
            return Err(Error::Missing { path: path.to_owned() });
        }
        let db = connect::connect(path)?;
        let unreadable = |reason: String| Error::NotAStore { path: path.to_owned(), reason };
        let version = check::version(&db).map_err(unreadable)?;
        let mut problems = integrity(&db).map_err(|error| unreadable(check::with_remedy(&error)))?;
        let mut content = Sha256::new();
        let mut tables = Vec::new();
        for name in check::tables(&db).map_err(sql::at(path))? {
            match scan(&db, &name, Some(&mut content)) {
                Ok(found) => {
                    problems.extend(found.problem());
                    tables.push(found);
                }
                Err(error) => problems.push(format!("table {name} cannot be read: {error}")),
            }
        }
        problems.extend(check::missing_columns(&db, version).map_err(sql::at(path))?);
        problems.extend(manifest_problem(&db));
        Ok(Examined { tables, content_sha256: hex(content.finalize()), problems })
    }
}

/// What SQLite finds wrong with pages, indices, constraints and references.
fn integrity(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut query = db.prepare("PRAGMA integrity_check(10)")?;
    let mut raw: Vec<String> =
        query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    raw.retain(|line| line != "ok");
    let mut found: Vec<String> = raw.iter().map(|finding| check::one_line(finding)).collect();
    let dangling = "SELECT \"table\" || ' rows refer to a row of table ' || parent || ' that is not there', count(*) \
                    FROM pragma_foreign_key_check GROUP BY 1";
    let mut query = db.prepare(dangling)?;
    let rows =
        query.query_map([], |row| Ok(format!("{} {}", row.get::<_, i64>(1)?, row.get::<_, String>(0)?)))?;
    for row in rows {
        found.push(row?);
    }
    Ok(found)
}

/// What is wrong with the manifest, or with its hash of the pictures.
fn manifest_problem(db: &Connection) -> Option<String> {
    let manifest = match check::manifest(db) {
        Ok(manifest) => manifest,
        Err(reason) => return Some(reason),
    };
    if manifest.data_sha256.is_empty() {
        return None;
    }
    let select = "SELECT image, picture_sha256, label_sha256 FROM pictures ORDER BY place";
    let read = || -> rusqlite::Result<Vec<PictureIdentity>> {
        let mut query = db.prepare(select)?;
        let rows = query.query_map([], |row| {
            Ok(PictureIdentity { id: row.get(0)?, picture_sha256: row.get(1)?, label_sha256: row.get(2)? })
        })?;
        rows.collect()
    };
    let found = match read() {
        Ok(pictures) => DataIdentity { list: String::new(), pictures }.digest(),
        Err(error) => return Some(format!("table pictures cannot be read: {error}")),
    };
    let wanted = &manifest.data_sha256;
    (found != *wanted).then(|| format!("table pictures hashes to {found}, the manifest says {wanted}"))
}
