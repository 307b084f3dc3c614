//! The images and label maps that a store's results were made from.

use super::insert::{self, OrElse};
use super::write_manifest::write_manifest;
use super::{Store, sql};
use crate::{DataIdentity, Error, Manifest, PictureIdentity, Result};
use rusqlite::{Connection, ToSql};
use std::collections::BTreeSet;
use std::path::Path;

impl Store {
    /// The images and label maps that the results were made from; `None` in a store that was made before they were kept.
    ///
    /// The `list` of the identity is empty: a store knows the images and not the name of their list.
    ///
    /// # Errors
    /// The store cannot be read, or what it holds is damaged.
    pub fn data(&self) -> Result<Option<DataIdentity>> {
        if self.manifest.data_sha256.is_empty() {
            return Ok(None);
        }
        let at = sql::at(&self.path);
        let select = "SELECT image, picture_sha256, label_sha256 FROM pictures ORDER BY place";
        let mut query = self.db.prepare(select).map_err(&at)?;
        let row = |r: &rusqlite::Row<'_>| {
            Ok(PictureIdentity { id: r.get(0)?, picture_sha256: r.get(1)?, label_sha256: r.get(2)? })
        };
        let pictures = query.query_map([], row).map_err(&at)?.collect::<std::result::Result<_, _>>();
        Ok(Some(DataIdentity { list: String::new(), pictures: pictures.map_err(&at)? }))
    }

    /// Whether the store's data should be replaced by `new`, which no result of the store depends on yet: the store has no
    /// results at all, or the lists are equal and it has no result of the images that differ. So a damaged file may be
    /// mended in the middle of an evaluation. A store that does not know its data takes any.
    ///
    /// # Errors
    /// [`Error::Data`] if a result of the store is of another image or label map.
    pub(super) fn may_adopt(&self, new: &DataIdentity) -> Result<bool> {
        let Some(old) = self.data()? else { return Ok(true) };
        let Some(change) = old.change(new) else { return Ok(false) };
        let done: BTreeSet<String> = self.inputs()?.into_iter().map(|input| input.image_id).collect();
        let same_list = old.pictures.iter().map(|p| &p.id).eq(new.pictures.iter().map(|p| &p.id));
        let untouched = !change.pictures.iter().chain(&change.labels).any(|id| done.contains(id));
        if done.is_empty() || same_list && untouched {
            return Ok(true);
        }
        let (path, other) = (self.path.clone(), "the pictures that lie there now".to_owned());
        Err(Error::Data { path, other, change: Box::new(change) })
    }

    /// Refuses to be merged with results of other data.
    pub(super) fn check_data(&self, new: &DataIdentity, other: &Path) -> Result<()> {
        let change = self.data()?.and_then(|old| old.change(new));
        change.map_or(Ok(()), |change| {
            let (path, other) = (self.path.clone(), other.display().to_string());
            Err(Error::Data { path, other, change: Box::new(change) })
        })
    }

    /// Makes these the images and label maps of a store that is being written.
    pub(super) fn adopt_data(&mut self, data: &DataIdentity) -> Result<()> {
        let path = self.path.clone();
        let at = sql::at(&path);
        let mut manifest = Manifest { data_sha256: data.digest(), ..self.manifest.clone() };
        if self.inputs()?.is_empty() {
            manifest.images = data.pictures.iter().map(|picture| picture.id.clone()).collect();
        }
        let tx = self.db.transaction().map_err(&at)?;
        tx.execute("DELETE FROM pictures", []).map_err(&at)?;
        insert(&tx, data).map_err(&at)?;
        write_manifest(&tx, &path, &manifest)?;
        tx.commit().map_err(&at)?;
        self.manifest = manifest;
        Ok(())
    }
}

/// Writes the rows of the table `pictures`, which has none yet.
pub(super) fn insert(db: &Connection, data: &DataIdentity) -> rusqlite::Result<()> {
    for (place, picture) in (0i64..).zip(&data.pictures) {
        let columns: [(&str, &dyn ToSql); 4] = [
            ("place", &place),
            ("image", &picture.id),
            ("picture_sha256", &picture.picture_sha256),
            ("label_sha256", &picture.label_sha256),
        ];
        insert::insert(db, "pictures", &columns, OrElse::Fail)?;
    }
    Ok(())
}
