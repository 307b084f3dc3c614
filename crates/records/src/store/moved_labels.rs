//! The label maps that were scored in the place of the images' own: they moved with them, or no corruption made the image.

use super::insert::{self, OrElse};
use super::{Store, label_maps, schema, sql};
use crate::{Condition, Input, Result, Unit};
use rusqlite::{Connection, OptionalExtension, ToSql, params};
use std::collections::BTreeMap;

const TABLE: &str = "moved_labels";

impl Store {
    /// SHA-256 of the label maps that are not the images' own ([`Unit::moved_label_sha256`]), by image id and condition.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
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

    /// Compares the moved label map of a unit with the one that other models were scored against.
    ///
    /// # Errors
    /// The store cannot be read; the inner error says in words that it is another one.
    pub(super) fn check_moved_label(&self, unit: &Unit) -> Result<Result<(), String>> {
        let Some(sha256) = &unit.moved_label_sha256 else { return Ok(Ok(())) };
        let Input { image_id, condition, .. } = &unit.input;
        let find = "SELECT id FROM inputs WHERE image = ?1 AND corruption = ?2 AND severity = ?3";
        let place = params![image_id, condition.corruption, condition.severity];
        let row =
            |mut query: rusqlite::CachedStatement<'_>| query.query_row(place, |row| row.get(0)).optional();
        let input: Option<i64> = self.db.prepare_cached(find).and_then(row).map_err(sql::at(&self.path))?;
        let earlier = input.map(|input| self.moved_label_of(input)).transpose()?.flatten();
        let other = earlier.filter(|earlier| earlier != sha256);
        Ok(other.map_or(Ok(()), |earlier| Err(label_maps::other(sha256, &earlier))))
    }
}

/// Keeps the hash of an input's label map, which is the one that is there where another model was scored against it.
pub(super) fn insert(db: &Connection, input: i64, sha256: &str) -> rusqlite::Result<()> {
    let columns: [(&str, &dyn ToSql); 2] = [("input", &input), ("sha256", &sha256)];
    insert::insert(db, TABLE, &columns, OrElse::Keep).map(drop)
}

fn of(db: &Connection, input: i64) -> rusqlite::Result<Option<String>> {
    let select = "SELECT sha256 FROM moved_labels WHERE input = ?1";
    db.prepare_cached(select)?.query_row([input], |r| r.get(0)).optional()
}
