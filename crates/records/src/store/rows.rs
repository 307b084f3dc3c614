//! The rows of tables that are keyed by image and series, and the places that have any.

use super::{Store, sql};
use crate::{Condition, Error, Filter, Key, Result, Series};
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};
use std::collections::BTreeMap;

impl Store {
    /// Calls `each` with the rows of a table that is keyed by image and series; series, corruption, severity and image are
    /// its first columns.
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
            let series = self.known_series(&series, id)?;
            each(Key::new(series, &condition, self.image_from_sql(row.get(3).map_err(&at)?)?), row)?;
        }
        Ok(())
    }

    /// The series with this number, which a damaged file may lack.
    pub(super) fn known_series<'a>(&self, series: &'a BTreeMap<i64, Series>, id: i64) -> Result<&'a Series> {
        series.get(&id).ok_or_else(|| self.value_error("series", &id.to_string()))
    }

    /// The results of a query for series, corruption and severity, in the manifest's order.
    pub(super) fn places(&self, select: &str) -> Result<Vec<(Series, Condition)>> {
        let at = sql::at(&self.path);
        let series = self.series_by_id()?;
        let mut query = self.db.prepare(select).map_err(&at)?;
        let rows = query.query_map([], |r| Ok((r.get::<_, i64>(0)?, r.get(1)?, r.get(2)?))).map_err(&at)?;
        let mut found = Vec::new();
        for row in rows {
            let (id, corruption, severity) = row.map_err(&at)?;
            found.push((
                self.known_series(&series, id)?.clone(),
                self.condition_from_sql(corruption, severity)?,
            ));
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

/// Only the fields that are given become conditions, so that SQLite can use its indices for them.
fn clauses(filter: &Filter) -> (String, Vec<Value>) {
    let text = |t: &str| Value::from(t.to_owned());
    let condition = filter.condition.as_ref();
    let fields = [
        ("model", filter.model.as_ref().map(|m| text(m.as_str()))),
        ("series.seed", filter.seed.map(|s| Value::from(Store::seed_to_sql(s)))),
        ("mode", filter.mode.as_ref().map(|m| text(m.as_str()))),
        ("corruption", condition.map(|c| text(&c.corruption))),
        ("inputs.severity", condition.map(|c| Value::from(i64::from(c.severity)))),
        ("image", filter.image_id.as_deref().map(text)),
    ];
    let given: Vec<_> = fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let tests: Vec<String> =
        given.iter().enumerate().map(|(i, (name, _))| format!("{name} = ?{}", i + 1)).collect();
    let wanted = if tests.is_empty() { String::new() } else { format!("WHERE {}", tests.join(" AND ")) };
    (wanted, given.into_iter().map(|(_, value)| value).collect())
}
