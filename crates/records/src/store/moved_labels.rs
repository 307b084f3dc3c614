//! The label maps that were scored in the place of the images' own, because they moved with them.

use super::insert::{self, OrElse};
use super::{Store, schema, sql};
use crate::{Condition, Result};
use rusqlite::{Connection, OptionalExtension, ToSql};
use std::collections::BTreeMap;

const TABLE: &str = "moved_labels";

impl Store {
    /// SHA-256 of the label maps that moved with their images, by image id and condition.
    pub fn moved_labels(&self) -> Result<BTreeMap<(String, Condition), String>> {
        let at = sql::at(&self.path);
        if !schema::has(&self.db, TABLE).map_err(&at)? {
            return Ok(BTreeMap::new());
        }
        let select = "SELECT image, corruption, severity, moved_labels.sha256 FROM moved_labels \
                      JOIN inputs ON inputs.id = moved_labels.input";
        let mut query = self.db.prepare(select).map_err(&at)?;
        let mut rows = query.query([]).map_err(&at)?;
        let mut found = BTreeMap::new();
        while let Some(row) = rows.next().map_err(&at)? {
            let condition = self.condition_from_sql(row.get(1).map_err(&at)?, row.get(2).map_err(&at)?)?;
            found.insert((row.get(0).map_err(&at)?, condition), row.get(3).map_err(&at)?);
        }
        Ok(found)
    }

    /// That of one input.
    pub(super) fn moved_label_of(&self, input: i64) -> Result<Option<String>> {
        let find = || if schema::has(&self.db, TABLE)? { of(&self.db, input) } else { Ok(None) };
        find().map_err(sql::at(&self.path))
    }
}

/// Keeps the hash of an input's label map; returns the earlier one where another model was scored against another label map.
pub(super) fn insert(db: &Connection, input: i64, sha256: &str) -> rusqlite::Result<Option<String>> {
    if let Some(earlier) = of(db, input)? {
        return Ok((earlier != sha256).then_some(earlier));
    }
    let columns: [(&str, &dyn ToSql); 2] = [("input", &input), ("sha256", &sha256)];
    insert::insert(db, TABLE, &columns, OrElse::Fail)?;
    Ok(None)
}

fn of(db: &Connection, input: i64) -> rusqlite::Result<Option<String>> {
    let select = "SELECT sha256 FROM moved_labels WHERE input = ?1";
    db.prepare_cached(select)?.query_row([input], |r| r.get(0)).optional()
}
