//! The tables of a store and their version.

/// "SCRB", SQLite's application id of stores.
pub(super) const APPLICATION_ID: i32 = 0x5343_5242;
/// The version of the tables.
pub(super) const VERSION: i32 = 3;
/// The earliest version that can be read and added to; it lacks only the table `pictures`.
pub(super) const OLDEST_VERSION: i32 = 2;

/// The statements that make the tables.
pub(super) const SQL: &str = include_str!("schema.sql");

/// The statement that makes the table `pictures`.
pub(super) fn create_pictures() -> &'static str {
    let from = SQL.find("CREATE TABLE pictures").expect("the schema has the table");
    let length = SQL[from..].find(';').expect("a statement ends");
    &SQL[from..=from + length]
}
