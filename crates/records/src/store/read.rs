//! Reads confusion matrices, inputs and which results exist.

use super::labels::Labels;
use super::{Store, sql};
use crate::{Condition, Confusion, Error, Filter, Input, Key, Result, Series, SparseConfusion};
use std::collections::{BTreeMap, BTreeSet};

impl Store {
    /// Every series that has results, in the manifest's order and after that by name.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn series(&self) -> Result<Vec<Series>> {
        let mut found: Vec<Series> = self.series_by_id()?.into_values().collect();
        let order = self.manifest.series();
        found.sort_by_key(|s| (order.iter().position(|o| o == s).unwrap_or(usize::MAX), s.clone()));
        Ok(found)
    }

    /// The keys of all results.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn completed(&self) -> Result<BTreeSet<Key>> {
        let mut keys = BTreeSet::new();
        self.visit(&Filter::all(), |key, _| -> Result<()> {
            keys.insert(key);
            Ok(())
        })?;
        Ok(keys)
    }

    /// Calls `each` with each result that passes the filter, one at a time, in the order in which their images came into the
    /// store.
    ///
    /// # Errors
    /// The store cannot be read, or `each` fails, which ends the reading.
    pub fn for_each_confusion<E: From<Error>>(
        &self,
        filter: &Filter,
        mut each: impl FnMut(Key, SparseConfusion) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut labels = Labels::new(&self.manifest);
        self.visit(filter, |key, bytes| {
            let cells = self.confusion(bytes)?;
            labels.check(self.manifest.master_seed, &key, &cells).map_err(self.blob_error("confusion"))?;
            each(key, cells)
        })
    }

    /// The results that pass the filter, ordered by key.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn confusions(&self, filter: &Filter) -> Result<BTreeMap<Key, SparseConfusion>> {
        let mut found = BTreeMap::new();
        self.for_each_confusion(filter, |key, cells| -> Result<()> {
            found.insert(key, cells);
            Ok(())
        })?;
        Ok(found)
    }

    /// One confusion matrix over all images for each series and condition that passes the filter.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn totals(&self, filter: &Filter) -> Result<BTreeMap<(Series, Condition), Confusion>> {
        let classes = self.manifest.class_count();
        let mut totals: BTreeMap<(Series, Condition), Confusion> = BTreeMap::new();
        self.for_each_confusion(filter, |key, cells| {
            let cell = (key.series(), key.condition);
            totals.entry(cell).or_insert_with(|| Confusion::new(classes)).merge_sparse(&cells)
        })?;
        Ok(totals)
    }

    /// The confusion matrix of one series over all images under one condition; `None` if it has no result there.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn total(&self, series: &Series, condition: &Condition) -> Result<Option<Confusion>> {
        Ok(self.totals(&Filter::series(series).under(condition))?.into_values().next())
    }

    /// The confusion matrix of each image of one series under one condition, by the image's id.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn per_image(
        &self,
        series: &Series,
        condition: &Condition,
    ) -> Result<BTreeMap<String, SparseConfusion>> {
        let mut found = BTreeMap::new();
        self.for_each_confusion(&Filter::series(series).under(condition), |key, cells| -> Result<()> {
            found.insert(key.image_id, cells);
            Ok(())
        })?;
        Ok(found)
    }

    /// The images that the models saw, in the order in which they came.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn inputs(&self) -> Result<Vec<Input>> {
        let at = sql::at(&self.path);
        let select = "SELECT image, corruption, severity, seed, sha256 FROM inputs ORDER BY id";
        let mut query = self.db.prepare(select).map_err(&at)?;
        let mut rows = query.query([]).map_err(&at)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(&at)? {
            let condition = self.condition_from_sql(row.get(1).map_err(&at)?, row.get(2).map_err(&at)?)?;
            let (image_id, seed) = (self.image_from_sql(row.get(0).map_err(&at)?)?, row.get(3).map_err(&at)?);
            found.push(Input { image_id, condition, seed, sha256: row.get(4).map_err(&at)? });
        }
        Ok(found)
    }

    /// A confusion from its stored form.
    pub(super) fn confusion(&self, bytes: &[u8]) -> Result<SparseConfusion> {
        SparseConfusion::from_bytes(bytes, self.manifest.class_count()).map_err(self.blob_error("confusion"))
    }

    fn visit<E: From<Error>>(
        &self,
        filter: &Filter,
        mut each: impl FnMut(Key, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let at = sql::at(&self.path);
        self.each_row("confusions", "cells", filter, |key, row| {
            let bytes = row.get_ref(4).map_err(&at)?.as_blob().map_err(|e| at(e.into()))?;
            each(key, bytes)
        })
    }

    /// Every series with its number in the file.
    pub(super) fn series_by_id(&self) -> Result<BTreeMap<i64, Series>> {
        let at = sql::at(&self.path);
        let mut query = self.db.prepare("SELECT id, model, seed, mode FROM series").map_err(&at)?;
        let rows = query.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))).map_err(&at)?;
        let mut found = BTreeMap::new();
        for row in rows {
            let (id, model, seed, mode) = row.map_err(&at)?;
            found.insert(id, self.series_from_sql(model, seed, mode)?);
        }
        Ok(found)
    }
}
