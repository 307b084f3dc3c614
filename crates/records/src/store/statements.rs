//! Whether the tables of a file are made by the statements with which scribe makes them.

use super::checksum::COLUMN;
use super::schema;
use rusqlite::Connection;
use std::collections::BTreeSet;

/// The tables that `ANALYZE` adds to a file. They hold no expression.
const OF_ANALYZE: [(&str, &str); 2] = [
    ("sqlite_stat1", "CREATE TABLE sqlite_stat1(tbl,idx,stat)"),
    ("sqlite_stat4", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"),
];

/// The name of the first table, index, view or trigger that no version of scribe makes by this statement.
///
/// The statement is what SQLite runs, whatever the other columns say. A trigger, a view or a virtual table may run without end
/// when a row is read, or change rows when one is written; a constraint, an index or a generated column may hold an
/// expression that takes any time and memory, also while `PRAGMA integrity_check` looks at a row. Reading the statements
/// evaluates none of them.
pub(super) fn foreign(db: &Connection) -> rusqlite::Result<Option<String>> {
    let known = known();
    let mut query = db.prepare("SELECT name, type, coalesce(sql, '') FROM sqlite_schema")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (name, kind, sql): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        // An index without a statement is part of its table.
        let of_table = sql.is_empty() && kind == "index";
        let statement = (name, normalised(&sql));
        if !of_table && !known.contains(&statement) {
            return Ok(Some(statement.0));
        }
    }
    Ok(None)
}

/// The statements of all versions with the names of what they make, [`normalised`].
fn known() -> BTreeSet<(String, String)> {
    let column = format!(",{COLUMN} INTEGER");
    let of_versions = |(name, statement): (String, String)| {
        let newest = normalised(&statement);
        // Earlier versions had no checksums; where one continues such a store, rows without them stay.
        let earlier = newest.replace(&format!("{column} NOT NULL"), "");
        let continued = newest.replace(&format!("{column} NOT NULL"), &column);
        [newest, earlier, continued].map(|statement| (name.clone(), statement))
    };
    let of_analyze = OF_ANALYZE.map(|(name, statement)| (name.to_owned(), normalised(statement)));
    schema::statements().into_iter().flat_map(of_versions).chain(of_analyze).collect()
}

/// A statement with one space between words and none beside anything else: SQLite keeps the spaces with which it was written,
/// and changes some where a column is added.
fn normalised(statement: &str) -> String {
    let of_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut text = String::with_capacity(statement.len());
    for word in statement.split_ascii_whitespace() {
        if text.ends_with(of_word) && word.starts_with(of_word) {
            text.push(' ');
        }
        text.push_str(word);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_do_not_matter_and_words_do() {
        assert_eq!(
            normalised("CREATE  TABLE a (\n b INTEGER ,c\tTEXT ) STRICT"),
            "CREATE TABLE a(b INTEGER,c TEXT)STRICT"
        );
        assert_ne!(normalised("a INTEGER"), normalised("aINTEGER"));
    }

    /// SQLite itself takes the column from the statements, which are then those of version 4, and adds it as `Store::upgrade` does.
    #[test]
    fn a_store_is_known_as_it_was_before_checksums_and_after_they_were_added() {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(schema::SQL).unwrap();
        assert_eq!(foreign(&db).unwrap(), None);
        for table in schema::tables() {
            db.execute_batch(&format!("ALTER TABLE {table} DROP COLUMN {COLUMN}")).unwrap();
            assert_eq!(foreign(&db).unwrap(), None, "{table} of version 4");
        }
        for table in schema::tables() {
            db.execute_batch(&format!("ALTER TABLE {table} ADD COLUMN {COLUMN} INTEGER")).unwrap();
            assert_eq!(foreign(&db).unwrap(), None, "{table} of version 4, continued");
        }
        db.execute_batch("ANALYZE").unwrap();
        assert_eq!(foreign(&db).unwrap(), None);
        db.execute_batch("ALTER TABLE inputs ADD COLUMN more INTEGER CHECK (more > 0)").unwrap();
        assert_eq!(foreign(&db).unwrap().as_deref(), Some("inputs"));
    }
}
