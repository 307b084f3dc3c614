//! Reading what is kept of each picture beside its confusion: calibration and non-distinctiveness.

use super::{Store, read::clauses, sql};
use crate::{
    Calibration, Condition, Error, Filter, Key, NonDistinctiveness, Probability, Result, Series, wire,
};
use rusqlite::{Row, params_from_iter};
use std::collections::BTreeMap;

impl Store {
    /// Hands each calibration that passes the filter to `each`, one at a time, ordered by the place of its picture in
    /// the store.
    ///
    /// # Errors
    /// The store cannot be read, or `each` fails, which ends the reading.
    pub fn for_each_calibration<E: From<Error>>(
        &self,
        filter: &Filter,
        mut each: impl FnMut(Key, Probability, Calibration) -> Result<(), E>,
    ) -> Result<(), E> {
        let at = sql::at(&self.path);
        self.each_row("calibration", "probability, pixels, squares, bins", filter, |key, row| {
            let name: String = row.get(4).map_err(&at)?;
            let probability = name.parse().map_err(|_| self.value_error("probability", &name))?;
            let pixels = row.get::<_, i64>(5).map_err(&at)?.cast_unsigned();
            let bytes = row.get_ref(7).map_err(&at)?.as_blob().map_err(|e| at(e.into()))?;
            let bins = wire::bins_from_bytes(bytes, pixels).map_err(self.blob_error("calibration"))?;
            each(key, probability, Calibration::from_parts(bins, pixels, row.get(6).map_err(&at)?))
        })
    }

    /// The calibration of one series under one condition over all pictures, one for each kind of probability.
    pub fn calibrations(
        &self,
        series: &Series,
        condition: &Condition,
    ) -> Result<BTreeMap<Probability, Calibration>> {
        let mut whole: BTreeMap<Probability, Calibration> = BTreeMap::new();
        self.for_each_calibration(&Filter::series(series).under(condition), |_, probability, one| {
            let fresh = || Calibration::new(one.bins().len());
            whole.entry(probability).or_insert_with(fresh).merge(&one)
        })?;
        Ok(whole)
    }

    /// Every series and condition that has calibrations, in the manifest's order of series and conditions.
    pub fn calibration_keys(&self) -> Result<Vec<(Series, Condition)>> {
        self.places(
            "SELECT DISTINCT series, corruption, severity FROM calibration JOIN inputs ON inputs.id = input",
        )
    }

    /// Hands each picture's sums for END that pass the filter to `each`, ordered by the place of the picture.
    ///
    /// # Errors
    /// The store cannot be read, or `each` fails, which ends the reading.
    pub fn for_each_non_distinctiveness<E: From<Error>>(
        &self,
        filter: &Filter,
        mut each: impl FnMut(Key, NonDistinctiveness) -> Result<(), E>,
    ) -> Result<(), E> {
        let at = sql::at(&self.path);
        self.each_row("non_distinctiveness", "pixels, joint, pairwise", filter, |key, row| {
            let pixels = row.get::<_, i64>(4).map_err(&at)?.cast_unsigned();
            let (joint, pairwise) = (row.get(5).map_err(&at)?, row.get(6).map_err(&at)?);
            each(key, NonDistinctiveness::from_parts(pixels, joint, pairwise))
        })
    }

    /// The sums for END of one series under one condition over all pictures; `None` if none were taken.
    pub fn non_distinctiveness(
        &self,
        series: &Series,
        condition: &Condition,
    ) -> Result<Option<NonDistinctiveness>> {
        let mut whole: Option<NonDistinctiveness> = None;
        let filter = Filter::series(series).under(condition);
        self.for_each_non_distinctiveness(&filter, |_, one| -> Result<()> {
            whole.get_or_insert_default().merge(&one);
            Ok(())
        })?;
        Ok(whole)
    }

    /// Every series and condition that has sums for END, in the manifest's order of series and conditions.
    pub fn non_distinctiveness_keys(&self) -> Result<Vec<(Series, Condition)>> {
        self.places(
            "SELECT DISTINCT series, corruption, severity FROM non_distinctiveness \
             JOIN inputs ON inputs.id = input",
        )
    }

    /// The rows of a table that is keyed by picture and series: series, corruption, severity and image come first.
    pub(super) fn each_row<E: From<Error>>(
        &self,
        table: &str,
        columns: &str,
        filter: &Filter,
        mut each: impl FnMut(Key, &Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let at = sql::at(&self.path);
        let (wanted, values) = clauses(filter);
        let select = format!(
            "SELECT {table}.series, corruption, inputs.severity, image, {columns} FROM {table} \
             JOIN series ON series.id = {table}.series JOIN inputs ON inputs.id = {table}.input \
             {wanted} ORDER BY {table}.input, {table}.series"
        );
        let mut query = self.db.prepare(&select).map_err(&at)?;
        let series = self.series_by_id()?;
        let mut rows = query.query(params_from_iter(values)).map_err(&at)?;
        while let Some(row) = rows.next().map_err(&at)? {
            let id: i64 = row.get(0).map_err(&at)?;
            let condition = self.condition_from_sql(row.get(1).map_err(&at)?, row.get(2).map_err(&at)?)?;
            each(Key::new(&series[&id], &condition, row.get::<_, String>(3).map_err(&at)?), row)?;
        }
        Ok(())
    }

    /// The answers to a query for series, corruption and severity, in the manifest's order.
    pub(super) fn places(&self, select: &str) -> Result<Vec<(Series, Condition)>> {
        let at = sql::at(&self.path);
        let series = self.series_by_id()?;
        let mut query = self.db.prepare(select).map_err(&at)?;
        let rows = query.query_map([], |r| Ok((r.get::<_, i64>(0)?, r.get(1)?, r.get(2)?))).map_err(&at)?;
        let mut found = Vec::new();
        for row in rows {
            let (id, corruption, severity) = row.map_err(&at)?;
            found.push((series[&id].clone(), self.condition_from_sql(corruption, severity)?));
        }
        let (by_series, by_condition) = (self.manifest.series(), self.manifest.conditions());
        let rank = |(s, c): &(Series, Condition)| {
            let of_series = by_series.iter().position(|o| o == s).unwrap_or(usize::MAX);
            let of_condition = by_condition.iter().position(|o| o == c).unwrap_or(usize::MAX);
            (of_series, s.clone(), of_condition, c.clone())
        };
        found.sort_by_cached_key(rank);
        Ok(found)
    }
}
