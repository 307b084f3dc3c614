//! The images' own label maps, in a store whose labels came as maps and not as files: one for each image, whatever is done to it.

use super::insert::{self, OrElse};
use super::{Store, schema, sql};
use crate::{CorruptionInfo, Result, Unit};
use rusqlite::{Connection, OptionalExtension, ToSql, params};
use std::collections::BTreeMap;

const TABLE: &str = "pictures";

impl Store {
    /// SHA-256 of the images' own label maps ([`Unit::label_sha256`]) by image id. It has none of images whose results an earlier
    /// version wrote, and is empty where labels came from files, whose hashes are in [`Store::data`].
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn label_maps(&self) -> Result<BTreeMap<String, String>> {
        let at = sql::at(&self.path);
        if !self.keeps_label_maps()? {
            return Ok(BTreeMap::new());
        }
        let mut query = self.db.prepare("SELECT image, label_sha256 FROM pictures").map_err(&at)?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(&at)?;
        rows.collect::<rusqlite::Result<_>>().map_err(at)
    }

    /// That of one image.
    pub(super) fn label_map_of(&self, image_id: &str) -> Result<Option<String>> {
        if !self.keeps_label_maps()? {
            return Ok(None);
        }
        let select = "SELECT label_sha256 FROM pictures WHERE image = ?1";
        let find = |mut query: rusqlite::CachedStatement<'_>| {
            query.query_row([image_id], |row| row.get(0)).optional()
        };
        self.db.prepare_cached(select).and_then(find).map_err(sql::at(&self.path))
    }

    /// Compares the label map of a unit with the one that earlier results were scored against.
    ///
    /// # Errors
    /// The store cannot be read; the inner error says in words that it is another one.
    pub(super) fn check_label_map(&self, unit: &Unit) -> Result<Result<(), String>> {
        let Some(sha256) = &unit.label_sha256 else { return Ok(Ok(())) };
        let earlier = self.label_map_of(&unit.input.image_id)?.filter(|earlier| earlier != sha256);
        Ok(earlier.map_or(Ok(()), |earlier| Err(other(sha256, &earlier))))
    }

    /// Whether the table of files is free to hold label maps.
    fn keeps_label_maps(&self) -> Result<bool> {
        let of_files = !self.manifest.data_sha256.is_empty();
        Ok(!of_files && schema::has(&self.db, TABLE).map_err(sql::at(&self.path))?)
    }
}

/// What is wrong with a label map that is another one than before.
pub(super) fn other(sha256: &str, earlier: &str) -> String {
    format!("its label map has SHA-256 {sha256}, earlier results were scored against {earlier}")
}

/// Keeps the hash of an image's label map with its first result. Of an image with results and no hash nobody knows whether the
/// earlier ones were scored against the same.
pub(super) fn insert(db: &Connection, image_id: &str, sha256: &str) -> rusqlite::Result<()> {
    // Images that no corruption made may have label maps of their own.
    let known = "SELECT EXISTS (SELECT 1 FROM pictures WHERE image = ?1) OR EXISTS (SELECT 1 FROM inputs \
                 WHERE image = ?1 AND substr(corruption, 1, length(?2)) <> ?2)";
    let given = CorruptionInfo::GIVEN_PREFIX;
    if db.prepare_cached(known)?.query_row(params![image_id, given], |row| row.get(0))? {
        return Ok(());
    }
    let place = "SELECT coalesce(max(place), -1) + 1 FROM pictures";
    let place: i64 = db.prepare_cached(place)?.query_row([], |row| row.get(0))?;
    let columns: [(&str, &dyn ToSql); 4] =
        [("place", &place), ("image", &image_id), ("picture_sha256", &""), ("label_sha256", &sha256)];
    insert::insert(db, TABLE, &columns, OrElse::Fail).map(drop)
}
