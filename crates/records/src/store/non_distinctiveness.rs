//! The table `non_distinctiveness`: one row for each image and series.

use super::insert::{self, OrElse};
use super::{Store, sql};
use crate::{Condition, Error, Filter, Key, NonDistinctiveness, Result, Series, Unit, bounds};
use rusqlite::{ToSql, Transaction};
use std::path::Path;

/// Writes the sums for END of one image.
pub(super) fn insert(
    tx: &Transaction<'_>,
    path: &Path,
    input: i64,
    series: i64,
    sums: &NonDistinctiveness,
) -> Result<()> {
    let (pixels, joint, pairwise) = sums.parts();
    let columns: [(&str, &dyn ToSql); 5] = [
        ("input", &input),
        ("series", &series),
        ("pixels", &pixels.cast_signed()),
        ("joint", &joint),
        ("pairwise", &pairwise),
    ];
    insert::insert(tx, "non_distinctiveness", &columns, OrElse::Fail).map(drop).map_err(sql::at(path))
}

impl Store {
    /// Calls `each` with the sums for END of each image that pass the filter, one at a time, in the order in which the
    /// images came into the store.
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
            let pixels = self.pixels("non-distinctiveness", row.get(4).map_err(&at)?)?;
            let (joint, pairwise) = (row.get(5).map_err(&at)?, row.get(6).map_err(&at)?);
            bounds::distinctiveness(pixels, joint, pairwise)
                .map_err(self.blob_error("non-distinctiveness"))?;
            each(key, NonDistinctiveness::from_parts(pixels, joint, pairwise))
        })
    }

    /// The sums for END of one series under one condition over all images; `None` if there are none.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
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
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn non_distinctiveness_keys(&self) -> Result<Vec<(Series, Condition)>> {
        self.places(
            "SELECT DISTINCT series, corruption, severity FROM non_distinctiveness \
             JOIN inputs ON inputs.id = input",
        )
    }

    /// Adds to `unit` what passes the filter.
    pub(super) fn add_non_distinctiveness(&self, filter: &Filter, unit: &mut Unit) -> Result<()> {
        self.for_each_non_distinctiveness(filter, |key, sums| {
            unit.non_distinctiveness.push((key.series(), sums));
            Ok(())
        })
    }
}
