//! Writing units: in one transaction, whole or not at all.

use super::insert::{OrElse, insert, next_id};
use super::{Store, block_sums, calibration, label_maps, moved_labels, non_distinctiveness, sql};
use crate::{Error, Input, Key, PanelPictures, Result, Series, SparseConfusion, Unit, moment_block};
use rusqlite::{ErrorCode, OptionalExtension, ToSql, Transaction, params};
use scribe_base::kill_point::reached;
use std::collections::BTreeSet;

impl Store {
    /// Writes all results of one image under one condition in one transaction.
    ///
    /// The image's row may be there already (another model saw it before) and must then be the same image. Where one of the two
    /// has no hash of its pixels, that is not known, and the hash of the other is kept.
    /// Moments and temperature sweeps are added to the row of their series, condition and block.
    ///
    /// # Errors
    /// [`Error::Duplicate`] if a key is there already, [`Error::InputChanged`] if the image is another one,
    /// [`Error::Unit`] if the unit contradicts itself or the store, or could not be read again ([`Store::check_unit`]); nothing
    /// is then written. [`Error::TakenAway`] if the file was removed or replaced since it was opened, [`Error::InUse`] if
    /// another process writes it.
    pub fn commit(&mut self, unit: &Unit) -> Result<()> {
        self.commit_each(None, std::slice::from_ref(unit))
    }

    /// Does what [`Store::commit_under`] does for several units, in one transaction: all of them are written, or none. That takes
    /// a fraction of the time.
    ///
    /// # Errors
    /// As [`Store::commit_under`], for the first unit that cannot be written.
    pub fn commit_all_under(&mut self, master_seed: u64, units: &[Unit]) -> Result<()> {
        let further = self.manifest.further_seeds.contains(&master_seed).then_some(master_seed);
        self.commit_each(further, units)
    }

    /// The units of the first master seed, or of a further one.
    fn commit_each(&mut self, further: Option<u64>, units: &[Unit]) -> Result<()> {
        let Some(first) = units.first() else { return Ok(()) };
        // Before anything is written, the newest tables too.
        self.check_unit_of(further, first)?;
        self.upgrade()?;
        self.write_each(further, units)?;
        self.keep_in_reach()
    }

    fn write_each(&self, further: Option<u64>, units: &[Unit]) -> Result<()> {
        // Nothing else uses the connection: whoever commits has the store for himself.
        let tx = self.db.unchecked_transaction().map_err(sql::at(&self.path))?;
        for (place, unit) in units.iter().enumerate() {
            if place > 0 {
                // Beside those of the transaction that are written already.
                self.check_unit_of(further, unit)?;
            }
            match further {
                None => self.write(&tx, unit)?,
                Some(master_seed) => self.write_further(&tx, master_seed, unit)?,
            }
        }
        reached("a unit is not committed");
        tx.commit().map_err(sql::at(&self.path))?;
        reached("a unit is committed");
        Ok(())
    }

    fn check_unit_of(&self, further: Option<u64>, unit: &Unit) -> Result<()> {
        match further {
            None => self.check_unit(unit),
            Some(_) => self.check_further_unit(further, unit),
        }
    }

    fn write(&self, tx: &Transaction<'_>, unit: &Unit) -> Result<()> {
        let (blocks, of_files) = (self.manifest.moment_blocks, !self.manifest.data_sha256.is_empty());
        let path = &self.path;
        let write = Write { tx, path, unit };
        write.label_map(of_files)?;
        let input = write.input()?;
        write.moved_label(input)?;
        for (series, confusion) in &unit.confusions {
            let id = write.series(series)?;
            write.confusion(input, id, series, confusion)?;
        }
        let block = moment_block(&unit.input.image_id, blocks);
        for (series, moments) in &unit.moments {
            block_sums::add(tx, path, write.series(series)?, &unit.input.condition, block, moments)?;
        }
        for (series, cross) in &unit.cross_moments {
            block_sums::add(tx, path, write.series(series)?, &unit.input.condition, block, cross)?;
        }
        for (series, sweeps) in &unit.sweeps {
            block_sums::add(tx, path, write.series(series)?, &unit.input.condition, block, sweeps)?;
        }
        for (series, probability, one) in &unit.calibrations {
            calibration::insert(tx, path, input, write.series(series)?, *probability, one)?;
        }
        for (series, sums) in &unit.non_distinctiveness {
            non_distinctiveness::insert(tx, path, input, write.series(series)?, sums)?;
        }
        unit.panel.as_ref().map_or(Ok(()), |panel| write.panel(input, panel))
    }
}

/// A unit, and the transaction that writes it; dropped without commit it is undone.
struct Write<'a> {
    tx: &'a Transaction<'a>,
    path: &'a std::path::Path,
    unit: &'a Unit,
}

impl Write<'_> {
    /// The row of the image, made or found.
    fn input(&self) -> Result<i64> {
        let at = sql::at(self.path);
        let Input { image_id, condition, sha256, .. } = &self.unit.input;
        let find =
            "SELECT id, seed, sha256 FROM inputs WHERE image = ?1 AND corruption = ?2 AND severity = ?3";
        let found: Option<(i64, u32, String)> = self
            .tx
            .prepare_cached(find)
            .and_then(|mut s| {
                let row = |r: &rusqlite::Row<'_>| Ok((r.get(0)?, r.get(1)?, r.get(2)?));
                s.query_row(params![image_id, condition.corruption, condition.severity], row).optional()
            })
            .map_err(&at)?;
        if let Some((id, old_seed, old_sha)) = found {
            let old = Input { seed: old_seed, sha256: old_sha, ..self.unit.input.clone() };
            if old.may_be(&self.unit.input) {
                if old.sha256.is_empty() && !sha256.is_empty() {
                    self.input_row(id, OrElse::Replace(&["sha256"])).map_err(at)?;
                }
                return Ok(id);
            }
            return Err(Error::InputChanged {
                path: self.path.to_owned(),
                old: Box::new(old),
                new: Box::new(self.unit.input.clone()),
            });
        }
        let new = next_id(self.tx, "inputs");
        new.and_then(|id| self.input_row(id, OrElse::Fail).map(|()| id)).map_err(at)
    }

    fn input_row(&self, id: i64, or_else: OrElse) -> rusqlite::Result<()> {
        let Input { image_id, condition, seed, sha256 } = &self.unit.input;
        let columns: [(&str, &dyn ToSql); 6] = [
            ("id", &id),
            ("image", image_id),
            ("corruption", &condition.corruption),
            ("severity", &condition.severity),
            ("seed", seed),
            ("sha256", sha256),
        ];
        insert(self.tx, "inputs", &columns, or_else).map(drop)
    }

    /// The hash of the image's own label map, before its first input is there.
    fn label_map(&self, of_files: bool) -> Result<()> {
        let sha256 = self.unit.label_sha256.as_ref().filter(|_| !of_files);
        let keep = |sha256: &String| label_maps::insert(self.tx, &self.unit.input.image_id, sha256);
        sha256.map_or(Ok(()), keep).map_err(sql::at(self.path))
    }

    /// The hash of the label map that was scored in its place.
    fn moved_label(&self, input: i64) -> Result<()> {
        let keep = |sha256: &String| moved_labels::insert(self.tx, input, sha256);
        self.unit.moved_label_sha256.as_ref().map_or(Ok(()), keep).map_err(sql::at(self.path))
    }

    fn series(&self, series: &Series) -> Result<i64> {
        sql::series_row(self.tx, series).map_err(sql::at(self.path))
    }

    fn confusion(&self, input: i64, id: i64, series: &Series, confusion: &SparseConfusion) -> Result<()> {
        let cells = confusion.to_bytes();
        let columns: [(&str, &dyn ToSql); 3] = [("input", &input), ("series", &id), ("cells", &cells)];
        match insert(self.tx, "confusions", &columns, OrElse::Fail) {
            Ok(_) => Ok(()),
            Err(e) if e.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                let key = Key::new(series, &self.unit.input.condition, self.unit.input.image_id.clone());
                Err(Error::Duplicate { path: self.path.to_owned(), key: Box::new(key) })
            }
            Err(e) => Err(sql::at(self.path)(e)),
        }
    }

    /// The images of the panel; input and label map may be there from another model's evaluation.
    fn panel(&self, input: i64, panel: &PanelPictures) -> Result<()> {
        let at = sql::at(self.path);
        let columns: [(&str, &dyn ToSql); 3] =
            [("input", &input), ("picture", &panel.picture), ("label", &panel.label)];
        insert(self.tx, "panels", &columns, OrElse::Keep).map_err(&at)?;
        for (series, prediction) in &panel.predictions {
            let id = self.series(series)?;
            let columns: [(&str, &dyn ToSql); 3] =
                [("input", &input), ("series", &id), ("prediction", prediction)];
            insert(self.tx, "panel_predictions", &columns, OrElse::Fail).map_err(&at)?;
        }
        Ok(())
    }
}

/// A series at most once, and everything else only with a confusion matrix: its key guards the rest against being counted
/// twice.
pub(super) fn check(unit: &Unit) -> Result<()> {
    let wrong = |reason: String| Error::Unit {
        image_id: unit.input.image_id.clone(),
        condition: unit.input.condition.clone(),
        reason,
    };
    let mut scored = BTreeSet::new();
    for (series, _) in &unit.confusions {
        if !scored.insert(series) {
            return Err(wrong(format!("two confusions of {series}")));
        }
    }
    let mut counted = BTreeSet::new();
    for (series, what) in unit.beside_confusions() {
        if !scored.contains(series) || !counted.insert((series, what)) {
            return Err(wrong(format!("{what} of {series} without its confusion, or twice")));
        }
    }
    Ok(())
}
