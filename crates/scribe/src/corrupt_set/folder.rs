//! The folder of a corrupted set: opened, checked, and its manifest grown row by row.

use super::manifest::{self, HEADER, Row};
use super::settings::{Settings, file};
use crate::lock::{LOCK, Lock};
use anyhow::{Context, bail};
use scribe_dataset::{ImageId, is_partial, write_atomically};
use std::fs::{self, File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The settings' file.
pub(super) const SETTINGS: &str = "set.json";
/// The rows' file.
pub(super) const MANIFEST: &str = "manifest.csv";

/// A folder that belongs to this process until it is dropped.
pub(super) struct Folder {
    root: PathBuf,
    manifest: File,
    /// Two processes never write one folder.
    _lock: Lock,
    /// The rows of whole pictures.
    rows: Vec<Row>,
    conditions: usize,
    pictures: usize,
}

impl Folder {
    /// Opens or begins the folder. `accept` sees the rows of whole pictures before anything is changed, and may refuse.
    pub fn open(
        root: &Path,
        settings: &Settings,
        ids: &[ImageId],
        accept: impl FnOnce(&[Row]) -> anyhow::Result<()>,
    ) -> anyhow::Result<Folder> {
        let at = |path: &Path| path.display().to_string();
        let place = root.join(SETTINGS);
        check(root, &place, settings)?;
        let lock = Lock::exclusive(&root.join(LOCK), root)?;
        // Again, now that nobody else can begin the folder.
        check(root, &place, settings)?;
        let path = root.join(MANIFEST);
        let text =
            if path.exists() { fs::read_to_string(&path).with_context(|| at(&path))? } else { String::new() };
        let mut rows = manifest::parse(&text, &path)?;
        let whole = manifest::whole_pictures(&rows, settings, ids, &path)?;
        rows.truncate(whole * settings.conditions());
        accept(&rows)?;
        write_atomically(&place, settings.json().as_bytes())?;
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut manifest = open.with_context(|| at(&path))?;
        // What a kill cut off is dropped: the file holds whole pictures only.
        let kept = [HEADER.as_bytes(), &manifest::lines(&rows)?].concat();
        manifest.set_len(kept.len() as u64).with_context(|| at(&path))?;
        if !text.as_bytes().starts_with(&kept) {
            manifest.rewind().and_then(|()| manifest.write_all(&kept)).with_context(|| at(&path))?;
        }
        manifest.seek(SeekFrom::End(0)).with_context(|| at(&path))?;
        Ok(Folder {
            root: root.to_owned(),
            manifest,
            _lock: lock,
            rows,
            conditions: settings.conditions(),
            pictures: ids.len(),
        })
    }

    /// The pictures to make, by their index: those whose files are not as their rows say, then those without rows.
    pub fn todo(&self) -> Vec<usize> {
        let broken = |rows: &&[Row]| rows.iter().any(|row| !self.is_there(row));
        let rows = self.rows.chunks_exact(self.conditions);
        let mut todo: Vec<usize> =
            rows.clone().enumerate().filter(|(_, r)| broken(r)).map(|(i, _)| i).collect();
        todo.extend(rows.len()..self.pictures);
        todo
    }

    fn is_there(&self, row: &Row) -> bool {
        let path = self.root.join(file(&row.corruption, row.severity, &row.image));
        fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() == row.file_bytes)
    }

    /// Makes the folders of the conditions, and removes what a killed process left half-written in them.
    pub fn create_condition_folders(&self, settings: &Settings) -> anyhow::Result<()> {
        let folders = settings.each_condition().map(|(c, s)| self.root.join(c).join(s.to_string()));
        for folder in folders.chain([self.root.clone()]) {
            let at = || folder.display().to_string();
            fs::create_dir_all(&folder).with_context(at)?;
            for entry in fs::read_dir(&folder).with_context(at)?.flatten().filter(is_leftover) {
                fs::remove_file(entry.path()).with_context(|| entry.path().display().to_string())?;
            }
        }
        Ok(())
    }

    /// Conditions a picture, clean among them.
    pub fn conditions(&self) -> usize {
        self.conditions
    }

    /// Mean bytes of a picture's files under all conditions, over those that are there.
    pub fn mean_bytes(&self) -> Option<f64> {
        let bytes: u64 = self.rows.iter().map(|row| row.file_bytes).sum();
        (!self.rows.is_empty()).then(|| bytes as f64 * self.conditions as f64 / self.rows.len() as f64)
    }

    /// Takes the rows of picture `index`, whose files are there: new ones are appended, old ones must be the same.
    pub fn record(&mut self, index: usize, rows: Vec<Row>) -> anyhow::Result<()> {
        let known = self.rows.get(index * self.conditions..(index + 1) * self.conditions);
        if let Some(known) = known {
            if let Some((old, new)) = known.iter().zip(&rows).find(|(old, new)| old != new) {
                bail!(
                    "{}: the manifest says {old:?}, made anew it is {new:?} (expected the same: has the picture changed?)",
                    self.root.display()
                );
            }
            return Ok(());
        }
        let path = self.root.join(MANIFEST);
        // One write for the whole picture: a kill leaves its rows there or, at worst, cut off.
        self.manifest.write_all(&manifest::lines(&rows)?).with_context(|| path.display().to_string())?;
        self.rows.extend(rows);
        Ok(())
    }
}

/// Refuses a folder that holds something else, or a set with other settings.
fn check(root: &Path, place: &Path, settings: &Settings) -> anyhow::Result<()> {
    if place.is_file() {
        return settings.check_continues(&Settings::read(place)?, place);
    }
    let foreign = |entry: &fs::DirEntry| !is_leftover(entry) && entry.file_name() != LOCK;
    if root.read_dir().is_ok_and(|entries| entries.flatten().any(|entry| foreign(&entry))) {
        bail!(
            "{}: holds files but no {SETTINGS} (expected a folder that does not exist, is empty, or was made by this command)",
            root.display()
        );
    }
    Ok(())
}

fn is_leftover(entry: &fs::DirEntry) -> bool {
    is_partial(&entry.file_name().to_string_lossy())
}
