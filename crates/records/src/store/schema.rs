//! The tables of a store and their version.

use rusqlite::Connection;

/// "SCRB", SQLite's application id of stores.
pub(super) const APPLICATION_ID: i32 = 0x5343_5242;
/// The version of the tables.
pub(super) const VERSION: i32 = 4;
/// The earliest version that can be read and added to; it lacks only the tables of [`LATER`].
pub(super) const OLDEST_VERSION: i32 = 2;
/// The tables that versions before the newest lack: version 2 all of them, version 3 all but `pictures`.
const LATER: [&str; 4] = ["pictures", "further_inputs", "further_confusions", "temperature_sweeps"];

/// The statements that make the tables.
pub(super) const SQL: &str = include_str!("schema.sql");

/// Whether the database has this table.
pub(super) fn has(db: &Connection, table: &str) -> rusqlite::Result<bool> {
    let there = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1";
    Ok(db.query_row(there, [table], |r| r.get::<_, i64>(0))? > 0)
}

/// Brings the tables of an earlier version to the newest.
pub(super) fn upgrade(db: &Connection) -> rusqlite::Result<()> {
    let version: i32 = db.pragma_query_value(None, "user_version", |r| r.get(0))?;
    if version == VERSION {
        return Ok(());
    }
    let tx = db.unchecked_transaction()?;
    for table in LATER {
        if !has(&tx, table)? {
            tx.execute_batch(create(table))?;
        }
    }
    tx.pragma_update(None, "user_version", VERSION)?;
    tx.commit()
}

/// The statement that makes a table.
pub(super) fn create(table: &str) -> &'static str {
    let from = SQL.find(&format!("CREATE TABLE {table} (")).expect("the schema has the table");
    let length = SQL[from..].find(';').expect("a statement ends");
    &SQL[from..=from + length]
}
