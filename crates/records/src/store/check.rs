//! Refuses files that are no stores, and stores that are damaged.

use super::checksum::COLUMN;
use super::scan::scan;
use super::schema::{self, APPLICATION_ID, OLDEST_VERSION, VERSION};
use super::statements;
use crate::Manifest;
use rusqlite::{Connection, OptionalExtension};
use std::fmt::Display;

/// What to do about a file that is not as it was written.
const REMEDY: &str = "copy the file again from where it was made, or evaluate again";

/// What a sound store says of itself.
pub(super) struct Sound {
    pub(super) version: i32,
    pub(super) manifest: Manifest,
    /// Rows without a checksum, which an earlier version wrote.
    pub(super) without_checksum: u64,
}

/// The store in a file that is sound: every page and index as SQLite wants it, every row as its checksum says. Otherwise what
/// the file is instead.
pub(super) fn sound(db: &Connection) -> Result<Sound, String> {
    let text = |error: rusqlite::Error| with_remedy(&error);
    let version = version(db)?;
    // Unlike `quick_check` it compares the indices, through which rows are found.
    let check: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(text)?;
    if check != "ok" {
        return Err(with_remedy(&format!("it is damaged: {}", one_line(&check))));
    }
    if let Some(problem) = missing_columns(db, version).map_err(text)?.first() {
        return Err(with_remedy(&format!("it is damaged: {problem}")));
    }
    let mut without_checksum = 0;
    for name in tables(db).map_err(text)? {
        let found = scan(db, &name, None).map_err(text)?;
        if let Some(problem) = found.problem() {
            return Err(with_remedy(&format!("it is damaged: {problem}")));
        }
        without_checksum += found.without_checksum;
    }
    let manifest = manifest(db).map_err(|reason| with_remedy(&reason))?;
    Ok(Sound { version, manifest, without_checksum })
}

/// What is wrong with a file, and what to do about it.
pub(super) fn with_remedy(wrong: &dyn Display) -> String {
    format!("{wrong} ({REMEDY})")
}

/// A finding of SQLite's check on one line, without its heading.
pub(super) fn one_line(finding: &str) -> String {
    let lines: Vec<&str> = finding.lines().filter(|line| !line.starts_with("***")).collect();
    lines.join("; ")
}

/// The version of the tables, if the file is a store that this program knows, and holds nothing that runs by itself.
pub(super) fn version(db: &Connection) -> Result<i32, String> {
    let damaged = |error: rusqlite::Error| with_remedy(&format!("it is damaged: {error}"));
    let text = |error: rusqlite::Error| with_remedy(&error);
    let id: i32 = db.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(text)?;
    if id != APPLICATION_ID {
        return Err(with_remedy(&format!("its application id is {id:#x}, expected {APPLICATION_ID:#x}")));
    }
    let version: i32 = db.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(text)?;
    if !(OLDEST_VERSION..=VERSION).contains(&version) {
        let whose = if version < VERSION { "an older" } else { "a newer" };
        return Err(format!(
            "its tables have version {version}, this program knows {OLDEST_VERSION} to {VERSION}: {whose} scribe made it; \
             read it with that one, or evaluate again into another folder"
        ));
    }
    // Before anything else is asked of the file: what its statements hold may run when a row is read.
    let foreign = statements::foreign(db).map_err(damaged)?;
    let of_store = |name: &String| schema::tables().any(|table| table == name);
    let other = || -> rusqlite::Result<_> { Ok(tables(db)?.into_iter().find(|name| !of_store(name))) };
    if let Some(name) = foreign.map_or_else(other, |name| Ok(Some(name))).map_err(damaged)? {
        return Err(format!("it has `{name}`, which is none of a store's tables as scribe makes them"));
    }
    Ok(version)
}

/// The names of the tables, in alphabetical order.
pub(super) fn tables(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let select = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
    db.prepare(select)?.query_map([], |row| row.get(0))?.collect()
}

/// The manifest.
pub(super) fn manifest(db: &Connection) -> Result<Manifest, String> {
    let select = "SELECT json FROM manifest WHERE id = 1";
    let json: Option<String> =
        db.query_row(select, [], |row| row.get(0)).optional().map_err(|error| error.to_string())?;
    let json = json.ok_or("it has no manifest")?;
    let manifest: Manifest = serde_json::from_str(&json).map_err(|error| format!("its manifest: {error}"))?;
    manifest.check().map_err(|reason| format!("its manifest: {reason}"))?;
    Ok(manifest)
}

/// A sentence for each table of this version's that lacks its column of checksums.
pub(super) fn missing_columns(db: &Connection, version: i32) -> rusqlite::Result<Vec<String>> {
    if version < VERSION {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for table in schema::tables() {
        if !has_column(db, table, COLUMN)? {
            found.push(format!("table {table} or its checksums are missing"));
        }
    }
    Ok(found)
}

/// Whether a table is there and has a column.
pub(super) fn has_column(db: &Connection, table: &str, column: &str) -> rusqlite::Result<bool> {
    let select = "SELECT count(*) FROM pragma_table_info(?1) WHERE name = ?2";
    db.query_row(select, [table, column], |row| Ok(row.get::<_, i64>(0)? > 0))
}
