//! The tables of a store and their version.

use rusqlite::Connection;

/// "SCRB", SQLite's application id of stores.
pub(super) const APPLICATION_ID: i32 = 0x5343_5242;
/// The version of the tables.
pub(super) const VERSION: i32 = 5;
/// The earliest version that can be read and added to; it lacks only the tables of [`LATER`], and the checksums.
pub(super) const OLDEST_VERSION: i32 = 2;
/// The tables that versions before the newest lack: version 2 all of them, version 3 all but `pictures`, and version 4 at most
/// `moved_labels`.
pub(super) const LATER: [&str; 5] =
    ["pictures", "further_inputs", "further_confusions", "temperature_sweeps", "moved_labels"];

/// The statements that make the tables.
pub(super) const SQL: &str = include_str!("schema.sql");

/// Whether the database has this table.
pub(super) fn has(db: &Connection, table: &str) -> rusqlite::Result<bool> {
    let there = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1";
    Ok(db.query_row(there, [table], |r| r.get::<_, i64>(0))? > 0)
}

/// The statement that makes a table.
pub(super) fn create(table: &str) -> &'static str {
    let from = SQL.find(&format!("CREATE TABLE {table} (")).expect("the schema has the table");
    let length = SQL[from..].find(';').expect("a statement ends");
    &SQL[from..=from + length]
}

/// The statements, each with the name of what it makes.
pub(super) fn statements() -> Vec<(String, String)> {
    let lines: Vec<&str> = SQL.lines().filter(|line| !line.starts_with("--")).collect();
    let named = |text: &str| Some((text.split_whitespace().nth(2)?.to_owned(), text.trim().to_owned()));
    lines.join("\n").split(';').filter_map(named).collect()
}

/// The names of the tables.
pub(super) fn tables() -> impl Iterator<Item = &'static str> {
    SQL.split("CREATE TABLE ").skip(1).filter_map(|text| text.split_whitespace().next())
}
