//! A set on disk, compared with the images and settings of an evaluation.

use crate::hash::sha256;
use crate::manifest::{self, MANIFEST};
use crate::protocol::Protocol;
use crate::settings::{SETTINGS, Settings};
use crate::{Error, Result};
use scribe_dataset::ImageId;
use scribe_dataset::image::RgbImage;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A set that was made before, of which the settings are read.
pub struct MadeSet {
    folder: PathBuf,
    settings: Settings,
}

/// A setting in which a set differs from what is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The setting.
    pub key: String,
    /// Its value in the set.
    pub set: String,
    /// The value that is wanted.
    pub wanted: String,
}

impl MadeSet {
    /// Reads the settings of the set in `folder`.
    ///
    /// # Errors
    /// The folder is not a corrupted set.
    pub fn open(folder: &Path) -> Result<MadeSet> {
        let settings = Settings::read(&folder.join(SETTINGS))?;
        Ok(MadeSet { folder: folder.to_owned(), settings })
    }

    /// How many images of its list the set holds once it is whole.
    pub fn images(&self) -> usize {
        self.settings.pictures
    }

    /// The settings in which the set differs from the protocol on the list `split`; none where it holds all that the
    /// protocol shows. It may hold more corruptions and severities.
    pub fn differences(&self, wanted: &Protocol<'_>, split: &str) -> Vec<Difference> {
        let (set, mut found) = (&self.settings, Vec::new());
        let mut compare = |key: &str, set: &str, wanted: &str| {
            if set != wanted {
                found.push(Difference { key: key.into(), set: set.into(), wanted: wanted.into() });
            }
        };
        compare("suite", &set.suite, wanted.suite.name());
        compare("view", &set.view, &wanted.view.to_string());
        compare("channel_order", &set.channel_order, &wanted.suite.channel_order().to_string());
        compare("corrupt", &set.corrupt, &wanted.corruption_place.to_string());
        compare("master_seed", &set.master_seed.to_string(), &wanted.master_seed.to_string());
        compare("split", &set.split, split);
        for member in &set.corruptions {
            // Of another suite every implementation may differ, which says no more than the suite's name.
            if set.suite == wanted.suite.name() && wanted.corruptions.contains(&member.name) {
                let ours = wanted.suite.get(&member.name).map_or("none", |ours| ours.implementation());
                let key = if member.name == "frost" { "frost_source" } else { &member.name };
                compare(key, &member.implementation, ours);
            }
        }
        let corruptions: Vec<String> = set.corruptions.iter().map(|member| member.name.clone()).collect();
        let severities: Vec<String> = set.severities.iter().map(u8::to_string).collect();
        let wanted_severities: Vec<String> = wanted.severities.iter().map(|s| s.get().to_string()).collect();
        found.extend(missing("corruptions", &corruptions, wanted.corruptions));
        found.extend(missing("severities", &severities, &wanted_severities));
        found
    }

    /// What the manifest says of the images `ids`, which must be the first of the set's list.
    ///
    /// # Errors
    /// The set holds other images, or is not complete for these.
    pub fn first(&self, ids: &[ImageId]) -> Result<MadeImages> {
        let path = self.folder.join(MANIFEST);
        let mut rows = manifest::parse(&manifest::text(&path)?, &path)?;
        let expected = ids.len() * self.settings.conditions();
        if rows.len() < expected {
            return Err(Error::Incomplete { path, found: rows.len(), expected });
        }
        rows.truncate(expected);
        manifest::whole_images(&rows, &self.settings, ids, &path)?;
        let hashes = rows.into_iter().map(|row| ((row.image, row.corruption, row.severity), row.sha256));
        Ok(MadeImages { manifest: path, hashes: hashes.collect() })
    }
}

/// What a set's manifest says of its images.
pub struct MadeImages {
    manifest: PathBuf,
    /// SHA-256 of an image's RGB bytes, by image id, corruption and severity.
    hashes: HashMap<(String, String, u8), String>,
}

impl MadeImages {
    /// Whether the set holds images under this condition; conditions whose pictures are given may be left out of a set.
    pub fn holds(&self, corruption: &str, severity: u8) -> bool {
        self.hashes.keys().any(|(_, name, at)| name == corruption && *at == severity)
    }

    /// Refuses an image that is not the one in the set; a clean one has the corruption `clean` and severity 0.
    ///
    /// # Errors
    /// The hashes differ; the error names the image, its condition and both.
    pub fn check(&self, image_id: &str, corruption: &str, severity: u8, image: &RgbImage) -> Result<()> {
        let key = (image_id.to_owned(), corruption.to_owned(), severity);
        let (said, found) = (self.hashes.get(&key), sha256(image));
        if said == Some(&found) {
            return Ok(());
        }
        Err(Error::OtherImage {
            path: self.manifest.clone(),
            image: image_id.to_owned(),
            corruption: corruption.to_owned(),
            severity,
            said: said.map_or_else(|| "none".to_owned(), Clone::clone),
            found,
        })
    }
}

/// The difference of two lists, where the set's lacks something that is wanted.
fn missing(key: &str, set: &[String], wanted: &[String]) -> Option<Difference> {
    let text = |list: &[String]| if list.is_empty() { "none".to_owned() } else { list.join(", ") };
    let lacks = wanted.iter().any(|item| !set.contains(item));
    lacks.then(|| Difference { key: key.to_owned(), set: text(set), wanted: text(wanted) })
}
