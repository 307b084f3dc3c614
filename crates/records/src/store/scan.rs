//! Reads a table row by row, and compares each row with its checksum.

use super::checksum::{COLUMN, Column, encode, of_row};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use sha2::{Digest, Sha256};

/// What a table holds.
#[derive(Clone, Debug)]
pub struct ExaminedTable {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: u64,
    /// Its rows without a checksum, which an earlier version of this program wrote.
    pub without_checksum: u64,
    /// Its rows whose checksum is that of another content.
    pub damaged: u64,
    /// The key of the first of these.
    pub first_damaged: Option<String>,
}

impl ExaminedTable {
    /// What is wrong with its rows, as a sentence.
    pub(super) fn problem(&self) -> Option<String> {
        let first = self.first_damaged.as_ref()?;
        Some(format!(
            "{} of {} rows of table {} do not fit their checksums, the first has {first}",
            self.damaged, self.rows, self.name
        ))
    }
}

/// Reads a table, adds its rows to `content`, and compares their checksums.
pub(super) fn scan(
    db: &Connection,
    name: &str,
    mut content: Option<&mut Sha256>,
) -> rusqlite::Result<ExaminedTable> {
    let keys = keys(db, name)?;
    let order = if content.is_some() { format!(" ORDER BY {}", keys.join(", ")) } else { String::new() };
    let mut query = db.prepare(&format!("SELECT * FROM \"{}\"{order}", name.replace('"', "\"\"")))?;
    let columns = columns(db, name)?;
    // A damaged schema may give columns that the table has not.
    if columns.len() != query.column_count() {
        return Err(rusqlite::Error::InvalidColumnName(name.to_owned()));
    }
    let mut found = ExaminedTable {
        name: name.to_owned(),
        rows: 0,
        without_checksum: 0,
        damaged: 0,
        first_damaged: None,
    };
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let mut values = values(row, &columns)?;
        found.rows += 1;
        if let Some(content) = &mut content {
            encode(name, &mut values, |bytes| content.update(bytes));
        }
        let own = values.iter().find(|(name, _)| *name == COLUMN).map_or(ValueRef::Null, |(_, value)| *value);
        if own == ValueRef::Null {
            found.without_checksum += 1;
        } else if own != ValueRef::Integer(of_row(name, &mut values).into()) {
            found.damaged += 1;
            found.first_damaged.get_or_insert_with(|| key_of(&keys, &values));
        }
    }
    Ok(found)
}

fn values<'a>(row: &'a Row<'_>, columns: &'a [String]) -> rusqlite::Result<Vec<Column<'a>>> {
    columns.iter().enumerate().map(|(i, name)| Ok((name.as_str(), row.get_ref(i)?))).collect()
}

/// The names of a table's columns. They are read as values, because the library panics at a name that is not UTF-8.
fn columns(db: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut query = db.prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
    query.query_map([table], |row| row.get(0))?.collect()
}

/// The columns of a table's key.
fn keys(db: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let select = "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk";
    let mut query = db.prepare(select)?;
    let found: Vec<String> = query.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(if found.is_empty() { vec!["rowid".to_owned()] } else { found })
}

/// The key of a row as a person reads it.
fn key_of(keys: &[String], values: &[Column<'_>]) -> String {
    let text = |value: ValueRef<'_>| match value {
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Text(bytes) => String::from_utf8_lossy(bytes).escape_debug().to_string(),
        other => format!("a {}", other.data_type()),
    };
    let of_row = keys.iter().filter_map(|key| values.iter().find(|(name, _)| name == key));
    of_row.map(|(name, value)| format!("{name} {}", text(*value))).collect::<Vec<_>>().join(", ")
}
