//! Helpers for SQLite: errors that name the file, values that fit, and the rows of series.

use super::Store;
use super::check::with_remedy;
use super::insert::{OrElse, insert, next_id};
use crate::{Condition, Error, Mode, ModelId, Result, Series, wire};
use rusqlite::{Connection, ErrorCode, OptionalExtension, ToSql, ffi, params};
use scribe_base::human;
use std::path::Path;

/// Turns SQLite's error into ours.
pub(super) fn at(path: &Path) -> impl Fn(rusqlite::Error) -> Error + '_ {
    move |source| {
        let path = path.to_owned();
        match source.sqlite_error() {
            Some(error) if error.code == ErrorCode::DatabaseBusy => Error::InUse { path },
            Some(error) if error.code == ErrorCode::DiskFull => Error::DiskFull { path },
            Some(error) if matches!(error.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Error::NotAStore { path, reason: with_remedy(&source) }
            }
            Some(error) if error.extended_code == ffi::SQLITE_READONLY_DBMOVED => Error::TakenAway { path },
            _ => Error::Sqlite { path, source },
        }
    }
}

/// The row of the series, made or found.
pub(super) fn series_row(db: &Connection, series: &Series) -> rusqlite::Result<i64> {
    let names = params![series.model.as_str(), Store::seed_to_sql(series.seed), series.mode.as_str()];
    let find = "SELECT id FROM series WHERE model = ?1 AND seed = ?2 AND mode = ?3";
    if let Some(id) = db.prepare_cached(find)?.query_row(names, |r| r.get(0)).optional()? {
        return Ok(id);
    }
    let id = next_id(db, "series")?;
    let (model, seed) = (series.model.as_str(), Store::seed_to_sql(series.seed));
    let columns: [(&str, &dyn ToSql); 4] =
        [("id", &id), ("model", &model), ("seed", &seed), ("mode", &series.mode.as_str())];
    insert(db, "series", &columns, OrElse::Fail)?;
    Ok(id)
}

impl Store {
    /// SQLite's integers are signed: a u64 seed is stored as the i64 of the same bits.
    pub(super) fn seed_to_sql(seed: u64) -> i64 {
        seed.cast_signed()
    }

    pub(super) fn series_from_sql(&self, model: String, seed: i64, mode: String) -> Result<Series> {
        let wrong =
            |what, value: &str| Error::Value { path: self.path.clone(), what, value: value.to_owned() };
        let model = ModelId::new(&model).map_err(|_| wrong("model", &model))?;
        let mode = Mode::new(&mode).map_err(|_| wrong("mode", &mode))?;
        Ok(Series::new(model, seed.cast_unsigned(), mode))
    }

    /// The id of an image, which a report shows as it is.
    pub(super) fn image_from_sql(&self, image: String) -> Result<String> {
        if image.contains(human::turns_direction) {
            Err(self.value_error("image", &image))
        } else {
            Ok(image)
        }
    }

    pub(super) fn condition_from_sql(&self, corruption: String, severity: i64) -> Result<Condition> {
        let value = format!("{corruption}:{severity}");
        if corruption.contains(human::turns_direction) {
            return Err(self.value_error("condition", &value));
        }
        u8::try_from(severity)
            .ok()
            .and_then(|s| Condition::new(corruption, s).ok())
            .ok_or_else(|| Error::Value { path: self.path.clone(), what: "condition", value })
    }

    /// The pixels of one image: no more than it has, where the manifest says that.
    pub(super) fn pixels(&self, what: &'static str, pixels: i64) -> Result<u64> {
        let counted = wire::checked_pixels(pixels.cast_unsigned());
        let within = |pixels: u64| match self.manifest.pixels() {
            Some(most) if pixels > most => Err(format!("{pixels} pixels of an image of {most}")),
            _ => Ok(pixels),
        };
        counted.and_then(within).map_err(self.blob_error(what))
    }

    pub(super) fn value_error(&self, what: &'static str, value: &str) -> Error {
        let value = human::printable(value).into_owned();
        Error::Value { path: self.path.clone(), what, value }
    }

    pub(super) fn blob_error(&self, what: &'static str) -> impl Fn(String) -> Error + '_ {
        move |reason| Error::Blob { path: self.path.clone(), what, reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error as _;

    fn said(code: i32) -> String {
        let failure = ffi::Error::new(code);
        let error =
            at(Path::new("s.sqlite"))(rusqlite::Error::SqliteFailure(failure, Some("SQLite's words".into())));
        assert!(error.source().is_none(), "the cause is said once: {error}");
        error.to_string()
    }

    #[test]
    fn a_full_disk_and_a_damaged_file_say_what_to_do() {
        assert_eq!(
            said(ffi::SQLITE_FULL),
            "s.sqlite: the disk is full (make room on it; the same command then goes on)"
        );
        let remedy = "(copy the file again from where it was made, or evaluate again)";
        for code in [ffi::SQLITE_CORRUPT, ffi::SQLITE_NOTADB] {
            assert_eq!(said(code), format!("s.sqlite: not a readable store: SQLite's words {remedy}"));
        }
    }
}
