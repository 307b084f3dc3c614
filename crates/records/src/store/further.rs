//! The tables `further_inputs` and `further_confusions`: results of further master seeds.
//!
//! A further master seed corrupts the same images with other random numbers. Of it only confusions are kept, and only of
//! corruptions that draw; everything else that a store holds is of the first master seed.

use super::insert::{OrElse, insert, next_id};
use super::labels::Labels;
use super::{Store, schema, sql};
use crate::{Condition, Error, Input, Key, Result, Series, SparseConfusion, Unit};
use rusqlite::{ErrorCode, OptionalExtension, ToSql, Transaction, params};
use std::collections::{BTreeMap, BTreeSet};

impl Store {
    /// Does what [`Store::commit`] does, for the results of one master seed: the first one, or one of
    /// [`crate::Manifest::further_seeds`].
    ///
    /// # Errors
    /// As [`Store::commit`]; [`Error::Unit`] too where a unit of a further master seed holds more than confusions.
    pub fn commit_under(&mut self, master_seed: u64, unit: &Unit) -> Result<()> {
        self.commit_all_under(master_seed, std::slice::from_ref(unit))
    }

    /// Refuses what a further master seed cannot have, and what contradicts the store.
    pub(super) fn check_further_unit(&self, further: Option<u64>, unit: &Unit) -> Result<()> {
        check(unit)?;
        self.check_under(further, unit)
    }

    pub(super) fn write_further(&self, tx: &Transaction<'_>, master_seed: u64, unit: &Unit) -> Result<()> {
        let path = &self.path;
        let input = input_row(tx, path, master_seed, &unit.input)?;
        for (series, confusion) in &unit.confusions {
            let id = sql::series_row(tx, series).map_err(sql::at(path))?;
            let cells = confusion.to_bytes();
            let columns: [(&str, &dyn ToSql); 3] = [("input", &input), ("series", &id), ("cells", &cells)];
            match insert(tx, "further_confusions", &columns, OrElse::Fail) {
                Ok(_) => {}
                Err(e) if e.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                    let key = Key::new(series, &unit.input.condition, unit.input.image_id.clone());
                    return Err(Error::Duplicate { path: path.clone(), key: Box::new(key) });
                }
                Err(e) => return Err(sql::at(path)(e)),
            }
        }
        Ok(())
    }

    /// The keys of all results of one master seed: the first one, or a further one.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn completed_under(&self, master_seed: u64) -> Result<BTreeSet<Key>> {
        if !self.manifest.further_seeds.contains(&master_seed) {
            return self.completed();
        }
        let mut keys = BTreeSet::new();
        self.for_each_further(|seed, key, _| -> Result<()> {
            if seed == master_seed {
                keys.insert(key);
            }
            Ok(())
        })?;
        Ok(keys)
    }

    /// Calls `each` with each result of a further master seed, one at a time, in the order in which they came.
    ///
    /// # Errors
    /// The store cannot be read, or `each` fails, which ends the reading.
    pub fn for_each_further<E: From<Error>>(
        &self,
        mut each: impl FnMut(u64, Key, SparseConfusion) -> Result<(), E>,
    ) -> Result<(), E> {
        let at = sql::at(&self.path);
        if !self.has_further()? {
            return Ok(());
        }
        let select = "SELECT master_seed, series, corruption, severity, image, cells FROM further_confusions \
                      JOIN further_inputs ON further_inputs.id = input ORDER BY input, series";
        let series = self.series_by_id()?;
        let mut labels = Labels::new(&self.manifest);
        let mut query = self.db.prepare(select).map_err(&at)?;
        let mut rows = query.query([]).map_err(&at)?;
        while let Some(row) = rows.next().map_err(&at)? {
            let seed = row.get::<_, i64>(0).map_err(&at)?.cast_unsigned();
            let of = self.known_series(&series, row.get(1).map_err(&at)?)?;
            let condition = self.condition_from_sql(row.get(2).map_err(&at)?, row.get(3).map_err(&at)?)?;
            let bytes = row.get_ref(5).map_err(&at)?.as_blob().map_err(|e| at(e.into()))?;
            let cells = self.confusion(bytes)?;
            let key = Key::new(of, &condition, self.image_from_sql(row.get(4).map_err(&at)?)?);
            labels.check(seed, &key, &cells).map_err(self.blob_error("confusion"))?;
            each(seed, key, cells)?;
        }
        Ok(())
    }

    /// The images of further master seeds that the models saw, each with its master seed, in the order in which they came.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn further_inputs(&self) -> Result<Vec<(u64, Input)>> {
        let at = sql::at(&self.path);
        if !self.has_further()? {
            return Ok(Vec::new());
        }
        let select =
            "SELECT master_seed, image, corruption, severity, seed, sha256 FROM further_inputs ORDER BY id";
        let mut query = self.db.prepare(select).map_err(&at)?;
        let mut rows = query.query([]).map_err(&at)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(&at)? {
            let condition = self.condition_from_sql(row.get(2).map_err(&at)?, row.get(3).map_err(&at)?)?;
            let (image_id, seed) = (self.image_from_sql(row.get(1).map_err(&at)?)?, row.get(4).map_err(&at)?);
            let input = Input { image_id, condition, seed, sha256: row.get(5).map_err(&at)? };
            found.push((row.get::<_, i64>(0).map_err(&at)?.cast_unsigned(), input));
        }
        Ok(found)
    }

    /// Whether the store has the tables; earlier versions do not.
    pub(super) fn has_further(&self) -> Result<bool> {
        schema::has(&self.db, "further_inputs").map_err(sql::at(&self.path))
    }

    /// The units of further master seeds by master seed, image and condition.
    pub(super) fn further_units(&self) -> Result<BTreeMap<(u64, String, Condition), Unit>> {
        let mut units = BTreeMap::new();
        for (seed, input) in self.further_inputs()? {
            let key = (seed, input.image_id.clone(), input.condition.clone());
            units.insert(key, Unit::new(input));
        }
        self.for_each_further(|seed, key, cells| -> Result<()> {
            let (series, place): (Series, _) = (key.series(), (seed, key.image_id, key.condition));
            if let Some(unit) = units.get_mut(&place) {
                unit.confusions.push((series, cells));
            }
            Ok(())
        })?;
        Ok(units)
    }
}

/// Of a further master seed confusions alone are kept, each series once.
fn check(unit: &Unit) -> Result<()> {
    let mut series = BTreeSet::new();
    let twice = unit.confusions.iter().any(|(s, _)| !series.insert(s));
    if twice || unit.beside_confusions().next().is_some() {
        return Err(Error::Unit {
            image_id: unit.input.image_id.clone(),
            condition: unit.input.condition.clone(),
            reason: "of a further master seed only confusions are kept, one for each series".to_owned(),
        });
    }
    Ok(())
}

/// The row of the image, made or found; one that is there must be the same image.
fn input_row(tx: &Transaction<'_>, path: &std::path::Path, master_seed: u64, input: &Input) -> Result<i64> {
    let at = sql::at(path);
    let Input { image_id, condition, seed, sha256 } = input;
    let find = "SELECT id, seed, sha256 FROM further_inputs \
                WHERE master_seed = ?1 AND image = ?2 AND corruption = ?3 AND severity = ?4";
    let master = Store::seed_to_sql(master_seed);
    let place = params![master, image_id, condition.corruption, condition.severity];
    let row = |r: &rusqlite::Row<'_>| Ok((r.get(0)?, r.get(1)?, r.get(2)?));
    let found: Option<(i64, u32, String)> =
        tx.prepare_cached(find).and_then(|mut s| s.query_row(place, row).optional()).map_err(&at)?;
    if let Some((id, old_seed, old_sha)) = found {
        if old_seed == *seed && old_sha == *sha256 {
            return Ok(id);
        }
        let old = Box::new(Input { seed: old_seed, sha256: old_sha, ..input.clone() });
        return Err(Error::InputChanged { path: path.to_owned(), old, new: Box::new(input.clone()) });
    }
    let write = || {
        let id = next_id(tx, "further_inputs")?;
        let columns: [(&str, &dyn ToSql); 7] = [
            ("id", &id),
            ("master_seed", &master),
            ("image", image_id),
            ("corruption", &condition.corruption),
            ("severity", &condition.severity),
            ("seed", seed),
            ("sha256", sha256),
        ];
        insert(tx, "further_inputs", &columns, OrElse::Fail).map(|_| id)
    };
    write().map_err(at)
}
