//! The table `calibration`: one row for each image, series and kind of probability.

use super::insert::{self, OrElse};
use super::{Store, sql};
use crate::{Calibration, Condition, Error, Filter, Key, Probability, Result, Series, Unit, bounds, wire};
use rusqlite::{ToSql, Transaction};
use std::collections::BTreeMap;
use std::path::Path;

/// Refuses a calibration that could not be read again.
pub(super) fn check(
    classes: usize,
    probability: Probability,
    calibration: &Calibration,
) -> std::result::Result<(), String> {
    calibration.bins().iter().try_for_each(bounds::bin)?;
    bounds::squares(probability, classes, calibration.pixels(), calibration.squares())
}

/// Writes the calibration of one image.
pub(super) fn insert(
    tx: &Transaction<'_>,
    path: &Path,
    input: i64,
    series: i64,
    probability: Probability,
    calibration: &Calibration,
) -> Result<()> {
    let bins = wire::bins_to_bytes(calibration.bins())?;
    let columns: [(&str, &dyn ToSql); 6] = [
        ("input", &input),
        ("series", &series),
        ("probability", &probability.as_str()),
        ("pixels", &calibration.pixels().cast_signed()),
        ("squares", &calibration.squares()),
        ("bins", &bins),
    ];
    insert::insert(tx, "calibration", &columns, OrElse::Fail).map(drop).map_err(sql::at(path))
}

impl Store {
    /// Calls `each` with each calibration that passes the filter, one at a time, in the order in which their images came
    /// into the store.
    ///
    /// # Errors
    /// The store cannot be read, or `each` fails, which ends the reading.
    pub fn for_each_calibration<E: From<Error>>(
        &self,
        filter: &Filter,
        mut each: impl FnMut(Key, Probability, Calibration) -> Result<(), E>,
    ) -> Result<(), E> {
        let (at, classes) = (sql::at(&self.path), self.manifest.class_count());
        self.each_row("calibration", "probability, pixels, squares, bins", filter, |key, row| {
            let name: String = row.get(4).map_err(&at)?;
            let probability = name.parse().map_err(|_| self.value_error("probability", &name))?;
            let (pixels, squares) =
                (self.pixels("calibration", row.get(5).map_err(&at)?)?, row.get(6).map_err(&at)?);
            let bytes = row.get_ref(7).map_err(&at)?.as_blob().map_err(|e| at(e.into()))?;
            let bins = wire::bins_from_bytes(bytes, pixels)
                .and_then(|bins| bounds::squares(probability, classes, pixels, squares).map(|()| bins))
                .map_err(self.blob_error("calibration"))?;
            each(key, probability, Calibration::from_parts(bins, pixels, squares))
        })
    }

    /// The calibration of one series under one condition over all images, one for each kind of probability.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
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
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn calibration_keys(&self) -> Result<Vec<(Series, Condition)>> {
        self.places(
            "SELECT DISTINCT series, corruption, severity FROM calibration JOIN inputs ON inputs.id = input",
        )
    }

    /// Adds to `unit` what passes the filter.
    pub(super) fn add_calibrations(&self, filter: &Filter, unit: &mut Unit) -> Result<()> {
        self.for_each_calibration(filter, |key, probability, one| {
            unit.calibrations.push((key.series(), probability, one));
            Ok(())
        })
    }
}
