//! Writes the manifest, once it is known that it can be read again.

use super::insert::{OrElse, insert};
use super::sql;
use crate::{Error, Manifest, Result};
use rusqlite::{Connection, ToSql};
use std::path::Path;

/// Writes the manifest, in place of the one that may be there.
///
/// # Errors
/// Those of [`check_manifest`]; nothing is then written.
pub(super) fn write_manifest(db: &Connection, path: &Path, manifest: &Manifest) -> Result<()> {
    let json = checked(path, manifest)?;
    let columns: [(&str, &dyn ToSql); 2] = [("id", &1), ("json", &json)];
    insert(db, "manifest", &columns, OrElse::Replace(&["json"])).map(drop).map_err(sql::at(path))
}

/// Refuses a manifest with which the store at `path` could not be opened again.
///
/// # Errors
/// [`Error::Manifest`].
pub(super) fn check_manifest(path: &Path, manifest: &Manifest) -> Result<()> {
    checked(path, manifest).map(drop)
}

fn checked(path: &Path, manifest: &Manifest) -> Result<String> {
    manifest.checked_json().map_err(|reason| Error::Manifest { path: path.to_owned(), reason })
}
