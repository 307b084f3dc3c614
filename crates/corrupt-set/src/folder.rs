//! The folder of a corrupted set: opened and checked, and its manifest grown row by row.

use crate::manifest::{self, HEADER, MANIFEST, Row};
use crate::settings::{SETTINGS, Settings, file};
use crate::{Error, Result};
use scribe_base::atomic_file::{self, is_partial};
use scribe_base::lock::{LOCK, Lock};
use scribe_dataset::ImageId;
use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A folder that belongs to this process until it is dropped.
pub(crate) struct Folder {
    root: PathBuf,
    manifest: File,
    /// Two processes never write one folder.
    _lock: Lock,
    /// The rows of whole images.
    rows: Vec<Row>,
    conditions: usize,
    images: usize,
}

impl Folder {
    /// Opens or begins the folder. `accept` gets the rows of whole images before anything is changed, and may refuse.
    pub(crate) fn open(
        root: &Path,
        settings: &Settings,
        ids: &[ImageId],
        accept: impl FnOnce(&[Row]) -> Result<()>,
    ) -> Result<Folder> {
        let place = root.join(SETTINGS);
        check(root, &place, settings)?;
        make(root)?;
        let lock = Lock::exclusive(&root.join(LOCK), root)?;
        // Again, now that nobody else can begin the folder.
        check(root, &place, settings)?;
        let path = root.join(MANIFEST);
        let text = if path.exists() { manifest::text(&path)? } else { String::new() };
        let mut rows = manifest::parse(&text, &path)?;
        settings.check_pictures(rows.len() / settings.conditions(), &place)?;
        let whole = manifest::whole_images(&rows, settings, ids, &path)?;
        rows.truncate(whole * settings.conditions());
        accept(&rows)?;
        atomic_file::write(&place, settings.json().as_bytes())?;
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut manifest = open.map_err(Error::file(&path, "opened"))?;
        // What a kill cut off is dropped: the file holds whole images only.
        let kept = [HEADER.as_bytes(), &manifest::lines(&rows)].concat();
        let written = Error::file(&path, "written");
        let whole = text.as_bytes().starts_with(&kept);
        cut(&mut manifest, &kept, whole).map_err(written)?;
        Ok(Folder {
            root: root.to_owned(),
            manifest,
            _lock: lock,
            rows,
            conditions: settings.conditions(),
            images: ids.len(),
        })
    }

    /// The images to make, by their index: those whose files are not as their rows say, then those without rows.
    pub(crate) fn todo(&self) -> Vec<usize> {
        let broken = |rows: &&[Row]| rows.iter().any(|row| !self.is_there(row));
        let rows = self.rows.chunks_exact(self.conditions);
        let mut todo: Vec<usize> =
            rows.clone().enumerate().filter(|(_, r)| broken(r)).map(|(i, _)| i).collect();
        todo.extend(rows.len()..self.images);
        todo
    }

    fn is_there(&self, row: &Row) -> bool {
        let path = self.root.join(file(&row.corruption, row.severity, &row.image));
        fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() == row.file_bytes)
    }

    /// Makes the folders of the conditions with those of the images in them, and removes what a killed process left
    /// half-written in them.
    pub(crate) fn create_condition_folders(&self, settings: &Settings, ids: &[ImageId]) -> Result<()> {
        let within = |id: &ImageId| id.as_str().rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let within: BTreeSet<String> = ids.iter().map(within).collect();
        let conditions = settings.each_condition().map(|(c, s)| self.root.join(c).join(s.to_string()));
        let folders = conditions.flat_map(|folder| within.iter().map(move |within| folder.join(within)));
        for folder in folders.chain([self.root.clone()]) {
            fs::create_dir_all(&folder).map_err(Error::file(&folder, "made"))?;
            let entries = fs::read_dir(&folder).map_err(Error::read(&folder))?;
            for entry in entries.flatten().filter(is_leftover) {
                fs::remove_file(entry.path()).map_err(Error::file(&entry.path(), "removed"))?;
            }
        }
        Ok(())
    }

    /// Conditions of each image, clean among them.
    pub(crate) fn conditions(&self) -> usize {
        self.conditions
    }

    /// Mean bytes of an image's files under all conditions, over those that are there.
    pub(crate) fn mean_bytes(&self) -> Option<f64> {
        let bytes: u64 = self.rows.iter().map(|row| row.file_bytes).sum();
        (!self.rows.is_empty()).then(|| bytes as f64 * self.conditions as f64 / self.rows.len() as f64)
    }

    /// Takes the rows of image `index`, whose files are there: new ones are appended, old ones must be the same.
    pub(crate) fn record(&mut self, index: usize, rows: Vec<Row>) -> Result<()> {
        let known = self.rows.get(index * self.conditions..(index + 1) * self.conditions);
        if let Some(known) = known {
            if let Some((old, new)) = known.iter().zip(&rows).find(|(old, new)| old != new) {
                return Err(Error::row_changed(&self.root, old, new));
            }
            return Ok(());
        }
        let path = self.root.join(MANIFEST);
        // One write for the whole image: a kill leaves its rows there or, at worst, cut off.
        self.manifest.write_all(&manifest::lines(&rows)).map_err(Error::file(&path, "written"))?;
        self.rows.extend(rows);
        Ok(())
    }
}

/// Refuses a folder that holds something else, or a set with other settings.
fn check(root: &Path, place: &Path, settings: &Settings) -> Result<()> {
    if place.is_file() {
        return settings.check_continues(&Settings::read(place)?, place);
    }
    let foreign = |entry: &fs::DirEntry| !is_leftover(entry) && entry.file_name() != LOCK;
    if root.read_dir().is_ok_and(|entries| entries.flatten().any(|entry| foreign(&entry))) {
        return Err(Error::Foreign { path: root.to_owned() });
    }
    Ok(())
}

/// Makes the folder, and those above it.
fn make(root: &Path) -> Result<()> {
    if let Some(file) = root.ancestors().find(|path| path.is_file()) {
        return Err(Error::NoFolder { path: file.to_owned() });
    }
    fs::create_dir_all(root).map_err(Error::file(root, "made"))
}

/// Cuts the manifest to what is kept of it, and places its cursor at the end. `whole` says that it begins with that.
fn cut(manifest: &mut File, kept: &[u8], whole: bool) -> io::Result<()> {
    manifest.set_len(kept.len() as u64)?;
    if !whole {
        manifest.rewind()?;
        manifest.write_all(kept)?;
    }
    manifest.seek(SeekFrom::End(0)).map(drop)
}

fn is_leftover(entry: &fs::DirEntry) -> bool {
    is_partial(&entry.file_name().to_string_lossy())
}
