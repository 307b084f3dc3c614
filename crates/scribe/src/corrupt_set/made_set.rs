//! A corrupted set that another program predicted, held against what an evaluation shows.

use super::folder::{MANIFEST, SETTINGS};
use super::made_for::differences;
use super::make::sha256;
use super::manifest;
use super::settings::Settings;
use crate::stages::{Corrupted, TestProtocol};
use anyhow::{Context, bail, ensure};
use image::RgbImage;
use scribe_dataset::ImageId;
use scribe_records::Condition;
use std::collections::HashMap;
use std::path::PathBuf;

/// A set whose settings are those of the evaluation.
pub(crate) struct MadeSet<'a> {
    asked: &'a Corrupted,
    settings: Settings,
}

impl MadeSet<'_> {
    /// The set, of which the settings alone are read.
    ///
    /// # Errors
    /// Names every setting that differs and the command that makes the right set, or says that the folder is no
    /// corrupted set.
    pub fn open<'a>(asked: &'a Corrupted, shown: &TestProtocol) -> anyhow::Result<MadeSet<'a>> {
        let path = asked.folder.join(SETTINGS);
        let settings = Settings::read(&path)?;
        let differing = differences(&settings, shown);
        if !differing.is_empty() {
            bail!(
                "{}: made with other settings than the recipe tests with:\n  {}\nthe right set comes from\n  {}",
                path.display(),
                differing.join("\n  "),
                asked.remake
            );
        }
        Ok(MadeSet { asked, settings })
    }

    /// The set's pictures, which must be those of `ids` from the first on, all of them written.
    ///
    /// # Errors
    /// When it holds fewer pictures, or others, or is not whole.
    pub fn pictures(self, ids: &[ImageId]) -> anyhow::Result<Predicted> {
        let (folder, held) = (&self.asked.folder, self.settings.pictures);
        ensure!(
            ids.len() <= held,
            "{}: pictures: the first {held} of the list in the set, {} in the recipe\nthe right set comes from\n  {}",
            folder.join(SETTINGS).display(),
            ids.len(),
            self.asked.remake
        );
        let path = folder.join(MANIFEST);
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("{}: cannot be read", path.display()))?;
        let mut rows = manifest::parse(&text, &path)?;
        let needed = ids.len() * self.settings.conditions();
        ensure!(
            rows.len() >= needed,
            "{}: {} rows (expected {needed}: the set is not whole yet, the command that made it goes on)",
            path.display(),
            rows.len()
        );
        rows.truncate(needed);
        manifest::whole_pictures(&rows, &self.settings, ids, &path)?;
        let hashes = rows.into_iter().map(|row| ((row.image, row.corruption, row.severity), row.sha256));
        Ok(Predicted { manifest: path, hashes: hashes.collect() })
    }
}

/// What the pictures of a set are.
pub(crate) struct Predicted {
    manifest: PathBuf,
    /// SHA-256 of a picture's RGB bytes, by picture, corruption and severity.
    hashes: HashMap<(String, String, u8), String>,
}

impl Predicted {
    /// Refuses a picture that is not the one in the set.
    ///
    /// # Errors
    /// Names the picture, its condition and both hashes.
    pub fn check(&self, image: &str, condition: &Condition, picture: &RgbImage) -> anyhow::Result<()> {
        let key = (image.to_owned(), condition.corruption.clone(), condition.severity);
        let (found, here) = (self.hashes.get(&key), sha256(picture));
        ensure!(
            found == Some(&here),
            "{}: {}/{}/{image}.png has SHA-256 {}, the picture that is tested {here} (expected the same: were the pictures \
             changed since the set was made, or is --data another folder?)",
            self.manifest.display(),
            condition.corruption,
            condition.severity,
            found.map_or("none", String::as_str)
        );
        Ok(())
    }
}
