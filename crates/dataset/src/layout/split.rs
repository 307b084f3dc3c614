//! A split whose pictures and label maps are files.

use super::entry::missing;
use super::find::similar;
use super::{Entry, Template};
use crate::{Classes, Error, ImageId, Limits, Result, Sample, SampleHashes, Split};
use image::{GrayImage, RgbImage};
use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A list of pictures with their label maps, all of them files. [`crate::Layout`] opens one in any layout,
/// [`crate::VocSplit`] in VOC's.
#[derive(Debug, Clone)]
pub struct FileSplit {
    ids: Vec<ImageId>,
    entries: HashMap<ImageId, Entry>,
    source: PathBuf,
    classes: Arc<Classes>,
    limits: Limits,
    orphans: Vec<PathBuf>,
    repeated: Vec<ImageId>,
    /// Whether only the files of exactly these names count, and not those with another extension.
    exact_names: bool,
}

impl FileSplit {
    /// The images in this order; the first entry of each id is kept. `source` is the list or the folder that they were
    /// found in.
    pub(crate) fn collect(
        source: PathBuf,
        classes: Arc<Classes>,
        items: impl Iterator<Item = (ImageId, Entry)>,
    ) -> FileSplit {
        let (mut ids, mut entries, mut repeated) = (Vec::new(), HashMap::new(), Vec::new());
        for (id, entry) in items {
            match entries.entry(id.clone()) {
                MapEntry::Vacant(place) => {
                    place.insert(entry);
                    ids.push(id);
                }
                MapEntry::Occupied(_) => repeated.push(id),
            }
        }
        FileSplit {
            ids,
            entries,
            source,
            classes,
            limits: Limits::default(),
            orphans: Vec::new(),
            repeated,
            exact_names: false,
        }
    }

    /// The same images, of which a file with another extension (`.JPG` for `.jpg`) is not taken.
    pub(crate) fn with_exact_names(self) -> FileSplit {
        FileSplit { exact_names: true, ..self }
    }

    /// The same images, read with limits other than the default ones.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> FileSplit {
        FileSplit { limits, ..self }
    }

    /// The same images, whose label files mean these classes.
    #[must_use]
    pub fn with_classes(self, classes: Arc<Classes>) -> FileSplit {
        FileSplit { classes, ..self }
    }

    /// The list that names the images, or the folder in which they were found.
    pub fn source(&self) -> &Path {
        &self.source
    }

    /// What the label files mean.
    pub fn classes(&self) -> &Arc<Classes> {
        &self.classes
    }

    /// The same images, beside which there are these label maps without a picture.
    pub(super) fn with_orphans(self, orphans: Vec<PathBuf>) -> FileSplit {
        FileSplit { orphans, ..self }
    }

    /// Label maps that fit the template of the label maps, but belong to no picture. Only
    /// [`crate::Layout::open_unchecked`] looks for them, where there is no list.
    pub fn orphans(&self) -> &[PathBuf] {
        &self.orphans
    }

    /// The ids that the list names again, once for each such line; each image counts once.
    pub fn repeated(&self) -> &[ImageId] {
        &self.repeated
    }

    /// The images of these ids with other pictures, and with other label maps where `labels` says where they are: the same
    /// scenes in real fog, at night or in rain. All files must be there.
    ///
    /// # Errors
    /// [`Error::UnknownId`] when an id is not in the split, [`Error::MissingFolder`] or [`Error::MissingFile`] when the folder
    /// or a file is not there.
    pub fn with_pictures(
        &self,
        root: &Path,
        ids: &[ImageId],
        pictures: &Template,
        labels: Option<&Template>,
    ) -> Result<FileSplit> {
        self.with_pictures_unchecked(root, ids, pictures, labels)?.checked()
    }

    /// The same, without requiring the files. Meant for [`crate::check_dataset`], which then names every missing file.
    ///
    /// # Errors
    /// Those of [`FileSplit::with_pictures`], except those about missing files.
    pub fn with_pictures_unchecked(
        &self,
        root: &Path,
        ids: &[ImageId],
        pictures: &Template,
        labels: Option<&Template>,
    ) -> Result<FileSplit> {
        for template in std::iter::once(pictures).chain(labels) {
            let path = root.join(template.folder());
            if !path.is_dir() {
                return Err(Error::MissingFolder {
                    path,
                    expected: format!("the folder of the template {template}"),
                });
            }
        }
        let entry = |id: &ImageId| {
            let other = pictures.entry(labels, root, id)?;
            let label = if labels.is_some() { other.label } else { self.entry(id)?.label.clone() };
            Ok((id.clone(), Entry { image: other.image, label }))
        };
        let entries: Vec<_> = ids.iter().map(entry).collect::<Result<_>>()?;
        let split = FileSplit::collect(self.source.clone(), self.classes.clone(), entries.into_iter());
        Ok(split.with_limits(self.limits).with_exact_names())
    }

    /// The images with their files, in the split's order.
    pub(crate) fn into_entries(mut self) -> impl Iterator<Item = (ImageId, Entry)> {
        self.ids.into_iter().map(move |id| {
            let entry = self.entries.remove(&id).expect("each id has an entry");
            (id, entry)
        })
    }

    /// Whether the split has an image of this id.
    pub(crate) fn holds(&self, id: &ImageId) -> bool {
        self.entries.contains_key(id)
    }

    /// Replaces each path by the existing file with another extension, unless names count; fails at the first image that lacks a file.
    pub(crate) fn checked(mut self) -> Result<FileSplit> {
        for id in &self.ids {
            let Some(entry) = self.entries.get_mut(id) else { continue };
            if let Some(path) = if self.exact_names { entry.gone() } else { entry.resolve() } {
                return Err(missing(path, id, &self.source, similar));
            }
        }
        Ok(self)
    }

    /// Replaces each path by the existing file with another extension. A missing file is an error when it is loaded.
    pub(crate) fn unchecked(mut self) -> FileSplit {
        let all = self.entries.values_mut();
        for entry in all.take(if self.exact_names { 0 } else { usize::MAX }) {
            entry.resolve();
        }
        self
    }

    /// The files of an image.
    pub(crate) fn entry(&self, id: &ImageId) -> Result<&Entry> {
        self.entries.get(id).ok_or_else(|| Error::UnknownId { id: id.to_string() })
    }

    /// The first file of an image that is missing.
    pub(crate) fn gone(&self, id: &ImageId) -> Option<&Path> {
        self.entries.get(id)?.gone()
    }

    /// The error of a missing file, without the name of a similar one, for which its folder would be read.
    pub(crate) fn missing(&self, path: &Path, id: &ImageId) -> Error {
        missing(path, id, &self.source, |_| None)
    }

    /// Turns the error of a file that cannot be read into that of a missing file, if it is missing.
    pub(crate) fn explained(&self, id: &ImageId, entry: &Entry, error: Error) -> Error {
        match error {
            Error::Read { .. } => entry.check_files(id, &self.source).err().unwrap_or(error),
            other => other,
        }
    }
}

impl Split for FileSplit {
    fn ids(&self) -> &[ImageId] {
        &self.ids
    }

    fn load(&self, id: &ImageId) -> Result<Sample> {
        let entry = self.entry(id)?;
        entry.load(id, &self.classes, self.limits).map_err(|error| self.explained(id, entry, error))
    }

    fn load_picture(&self, id: &ImageId) -> Result<RgbImage> {
        let entry = self.entry(id)?;
        entry.load_picture(self.limits).map_err(|error| self.explained(id, entry, error))
    }

    fn load_label(&self, id: &ImageId) -> Result<GrayImage> {
        let entry = self.entry(id)?;
        entry.load_label(&self.classes, self.limits).map_err(|error| self.explained(id, entry, error))
    }

    fn hashes(&self, id: &ImageId) -> Result<SampleHashes> {
        self.entry(id)?.hashes()
    }

    fn orientation(&self, id: &ImageId) -> Option<u8> {
        self.entries.get(id)?.orientation()
    }
}
