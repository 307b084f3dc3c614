//! Making, opening and closing a store.

use super::check::Sound;
use super::schema::{self, APPLICATION_ID, VERSION};
use super::write_manifest::{check_manifest, write_manifest};
use super::{Store, check, connect, data, files, side_files, sql};
use crate::{DataIdentity, Error, Manifest, Result};
use rusqlite::{Connection, ErrorCode};
use scribe_base::atomic_file::{link_target, publish};
use scribe_base::kill_point::reached;
use std::path::{Path, PathBuf};
use std::time::Duration;

impl Store {
    /// Makes a store at `path`, complete with its tables and manifest or not at all. It does not keep which images its
    /// results are of; one made by [`Store::resume`] does.
    ///
    /// # Errors
    /// [`Error::Exists`] if there is one, [`Error::Shown`], [`Error::Image`] or [`Error::Manifest`] if the store could not be read
    /// again; [`Error::Io`] or [`Error::Sqlite`] if the folder cannot be written.
    pub fn create(path: &Path, manifest: &Manifest) -> Result<Store> {
        manifest.check_names_beside(None)?;
        Store::make(path, manifest, None)
    }

    /// Does what [`Store::create`] does, and keeps the images and label maps that the results will be of.
    pub(super) fn make(path: &Path, manifest: &Manifest, data: Option<&DataIdentity>) -> Result<Store> {
        // Where the path is a link to a file that is not there, that file is made and the link stays.
        let path = &link_target(path);
        if path.exists() {
            return Err(Error::Exists { path: path.to_owned() });
        }
        let data_sha256 = data.map(DataIdentity::digest).unwrap_or_default();
        let manifest = Manifest { data_sha256, ..manifest.clone() };
        check_manifest(path, &manifest)?;
        let draft = draft_of(path);
        side_files::remove_database(&draft)?;
        write_draft(&draft, &manifest, data)?;
        // Side files of an earlier store of that name, whose process was killed, would be applied to this one.
        side_files::remove_side_files(path)?;
        publish(&draft, path)?;
        Store::open(path)?.into_writer()
    }

    /// Opens a store to read it, or to add single units to it.
    ///
    /// A file that may not be written is opened for reading, and so is one in a folder that may not be written. SQLite's
    /// journal mode of the file is left as it is.
    ///
    /// # Errors
    /// [`Error::Missing`] if there is no file, [`Error::InUse`] if another process holds it for itself, [`Error::NotAStore`] if it
    /// is not a store of scribe or is damaged: a page, an index or a row is not what was written.
    pub fn open(path: &Path) -> Result<Store> {
        let there = path.try_exists().map_err(|source| Error::Io { path: path.to_owned(), source })?;
        if !there {
            return Err(Error::Missing { path: path.to_owned() });
        }
        let db = connect::connect(path)?;
        connect::set_up(&db).map_err(sql::at(path))?;
        connect::wait(&db, path)?;
        let sound = check::sound(&db).map_err(|reason| Error::NotAStore { path: path.to_owned(), reason })?;
        connect::unbounded(&db).map_err(sql::at(path))?;
        let Sound { manifest, version, without_checksum } = sound;
        let files = files::Files::of(path);
        Ok(Store { path: path.to_owned(), manifest, db, writes: false, version, without_checksum, files })
    }

    /// Opens the store at `path` to add results to it if it was made under the same settings; makes it if it is not there.
    /// Images are not compared; [`Store::resume`] compares them too.
    ///
    /// # Errors
    /// Those of [`Store::resume`] without [`Error::Data`].
    pub fn open_or_resume(path: &Path, manifest: &Manifest) -> Result<Store> {
        if !path.exists() {
            return Store::create(path, manifest);
        }
        let store = Store::open(path)?;
        store.check_extension(manifest)?;
        store.into_writer()?.extended(manifest)
    }

    /// Opens the store at `path` to add results to it if it was made under the same settings from the same images and label
    /// maps; makes it if it is not there.
    ///
    /// Models, modes, corruptions and severities that only `manifest` has are added to the store's manifest. The second
    /// value is `false` where the store holds results and does not know of which images, since an earlier version made it;
    /// it then takes `data` for theirs. Files of images that have no result yet may have changed, so that a file which
    /// stopped an evaluation can be mended.
    ///
    /// # Errors
    /// [`Error::Digest`] lists every setting that differs, [`Error::LabelTaken`] names a label that another model has,
    /// [`Error::Data`] names the images that differ, [`Error::InUse`] if another process reads or writes it; otherwise those of [`Store::create`] and [`Store::open`].
    pub fn resume(path: &Path, manifest: &Manifest, data: &DataIdentity) -> Result<(Store, bool)> {
        if !path.exists() {
            manifest.check_names_beside(None)?;
            return Ok((Store::make(path, manifest, Some(data))?, true));
        }
        let store = Store::open(path)?;
        store.check_extension(manifest)?;
        let adopts = store.may_adopt(data)?;
        let known = !store.manifest.data_sha256.is_empty() || store.inputs()?.is_empty();
        let mut store = store.into_writer()?.extended(manifest)?;
        if adopts {
            store.adopt_data(data)?;
        }
        Ok((store, known))
    }

    /// Refuses a manifest of other settings, or one with a label that another model has.
    fn check_settings(&self, manifest: &Manifest) -> Result<()> {
        let (path, differences) = (self.path.clone(), self.manifest.differences(manifest));
        if !differences.is_empty() {
            return Err(Error::Digest { path, differences });
        }
        match self.manifest.label_taken(manifest) {
            Some((label, holder, model)) => Err(Error::LabelTaken { path, label, holder, model }),
            None => Ok(()),
        }
    }

    /// Refuses what [`Store::extend`] refuses, before the file is changed to another mode: a refused call leaves it as it was.
    fn check_extension(&self, manifest: &Manifest) -> Result<()> {
        self.check_settings(manifest)?;
        manifest.check_names_beside(Some(&self.manifest))?;
        check_manifest(&self.path, &self.manifest.extended(manifest))
    }

    /// Adds to the manifest of a store that is being written what only `manifest` has: models, modes, corruptions,
    /// severities, images.
    ///
    /// # Errors
    /// [`Error::Digest`] lists every setting that differs, [`Error::LabelTaken`] names a label that another model has,
    /// [`Error::Shown`] and [`Error::Image`] a name that cannot be used, and [`Error::Manifest`] says why the store could not be
    /// read again; nothing is then written.
    pub fn extend(&mut self, manifest: &Manifest) -> Result<()> {
        self.check_settings(manifest)?;
        self.add_to_manifest(manifest)
    }

    /// [`Store::extend`] of a store whose settings were compared.
    fn extended(mut self, manifest: &Manifest) -> Result<Store> {
        self.add_to_manifest(manifest)?;
        Ok(self)
    }

    fn add_to_manifest(&mut self, manifest: &Manifest) -> Result<()> {
        manifest.check_names_beside(Some(&self.manifest))?;
        let extended = self.manifest.extended(manifest);
        if extended != self.manifest {
            write_manifest(&self.db, &self.path, &extended)?;
            self.manifest = extended;
        }
        Ok(())
    }

    /// Changes the file to write-ahead mode, in which a commit is one write and readers do not wait, and brings its tables to
    /// the newest version.
    fn into_writer(mut self) -> Result<Store> {
        self.upgrade()?;
        connect::set_up_writer(&self.db).map_err(sql::at(&self.path))?;
        self.writes = true;
        self.files = files::Files::of(&self.path);
        Ok(self)
    }

    /// Ends the work with a store. One that was written is left as a single file without side files, readable from a
    /// folder that may not be written.
    ///
    /// While another program has the store open, the side files stay until that one closes it.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn close(self) -> Result<()> {
        let at = sql::at(&self.path);
        if self.writes {
            // A reader keeps the file in write-ahead mode, which is not a loss: everything is committed.
            self.db.busy_timeout(Duration::ZERO).map_err(&at)?;
            reached("a store is not closed");
            match self.db.execute_batch("PRAGMA journal_mode = DELETE;") {
                Err(e) if e.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {}
                other => other.map_err(&at)?,
            }
        }
        self.db.close().map_err(|(_, source)| at(source))
    }
}

fn draft_of(path: &Path) -> PathBuf {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".{name}.draft"))
}

fn write_draft(draft: &Path, manifest: &Manifest, data: Option<&DataIdentity>) -> Result<()> {
    let at = sql::at(draft);
    // A file that SQLite makes, and its side files, have at most mode 0644; this one has the mode that the umask leaves.
    // It is new: a link that somebody put there in the meantime would be followed.
    std::fs::File::create_new(draft).map_err(|source| Error::Io { path: draft.to_owned(), source })?;
    let db = Connection::open(draft).map_err(&at)?;
    // Moments are rows of up to 42 kB; larger pages shorten their chains of overflow pages.
    let setup = format!(
        "PRAGMA page_size = 8192; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};"
    );
    db.execute_batch(&setup).map_err(&at)?;
    db.execute_batch(schema::SQL).map_err(&at)?;
    write_manifest(&db, draft, manifest)?;
    if let Some(data) = data {
        let tx = db.unchecked_transaction().map_err(&at)?;
        data::insert(&tx, data).and_then(|()| tx.commit()).map_err(&at)?;
    }
    db.close().map_err(|(_, source)| at(source))
}
