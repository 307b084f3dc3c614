//! A layout: templates and a list.

use super::list::{Line, read};
use super::{
    Entry, FileSplit, LabelSource, LayoutError, Template, files_below, is_picture_extension, similar,
};
use crate::decode::check_file;
use crate::id::{broken_rule, id_of_file};
use crate::{Classes, Error, ImageId, Result};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the pictures and label maps of a list of images are, below the folder of the data set.
///
/// With a list, its lines are ids, or pairs of a picture and its label map, divided by a space, a comma or a tab. The id
/// of a pair is what the template of the pictures finds in the picture's path, or else that path without its extension.
/// Without a list, every file that fits the template of the pictures is taken, in the order of the ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// The pictures.
    pub pictures: Option<Template>,
    /// The label maps.
    pub labels: Option<Template>,
    /// The list, below the folder of the data set, or as a whole path.
    pub list: Option<PathBuf>,
}

impl Layout {
    /// Opens the images below `root`, all of whose files must be there.
    ///
    /// # Errors
    /// [`LayoutError`] or [`Error`] names the template, the list with its line, or the file that is wrong.
    pub fn open(&self, root: &Path, classes: Arc<Classes>) -> Result<FileSplit> {
        self.entries(root, classes, true)?.checked()
    }

    /// Opens only the pictures; label maps need not exist and are not read.
    ///
    /// # Errors
    /// Those of [`Layout::open`], except those about labels.
    pub fn open_pictures(&self, root: &Path) -> Result<FileSplit> {
        let split = self.entries(root, Classes::voc(), false)?;
        let (source, classes) = (split.source().to_owned(), split.classes().clone());
        let without = |(id, entry)| (id, Entry { label: LabelSource::None, ..entry });
        FileSplit::collect(source, classes, split.into_entries().map(without)).with_exact_names().checked()
    }

    /// Opens the images without requiring the files that a list or the template of the label maps names. Meant for
    /// [`crate::check_dataset`], which then names every missing file.
    ///
    /// # Errors
    /// Those of [`Layout::open`], except those about missing files.
    pub fn open_unchecked(&self, root: &Path, classes: Arc<Classes>) -> Result<FileSplit> {
        let split = self.entries(root, classes, false)?.unchecked();
        match &self.labels {
            Some(labels) if self.list.is_none() => {
                let orphans = orphans(root, (self.pictures.as_ref(), labels), &split)?;
                Ok(split.with_orphans(orphans))
            }
            _ => Ok(split),
        }
    }

    fn entries(&self, root: &Path, classes: Arc<Classes>, needs_labels: bool) -> Result<FileSplit> {
        if !root.is_dir() {
            let expected = "the folder of the data set, below which the templates look".to_owned();
            return Err(Error::MissingFolder { path: root.to_owned(), expected });
        }
        match (&self.list, &self.pictures) {
            (Some(list), _) => self.listed(root, &root.join(list), classes),
            (None, Some(pictures)) => self.found(root, pictures, classes, needs_labels),
            (None, None) => Err(LayoutError::Nothing.into()),
        }
    }

    /// The images of a list.
    fn listed(&self, root: &Path, list: &Path, classes: Arc<Classes>) -> Result<FileSplit> {
        let mut entries: Vec<(ImageId, Entry)> = Vec::new();
        let mut known: BTreeMap<ImageId, Entry> = BTreeMap::new();
        for (line, content) in read(list)? {
            let (id, entry) = self.of_line(root, list, line, &content)?;
            match known.get(&id) {
                Some(other) if other.image != entry.image => {
                    return Err(Error::SameId { path: entry.image, other: other.image.clone() });
                }
                Some(other) if other.label != entry.label => {
                    let labels = Box::new([other, &entry].map(|entry| entry.label.path().to_owned()));
                    return Err(LayoutError::TwoLabels {
                        list: list.to_owned(),
                        line,
                        picture: entry.image,
                        labels,
                    }
                    .into());
                }
                Some(_) => {}
                None => drop(known.insert(id.clone(), entry.clone())),
            }
            entries.push((id, entry));
        }
        if entries.is_empty() {
            return Err(Error::EmptySplit { path: list.to_owned() });
        }
        Ok(FileSplit::collect(list.to_owned(), classes, entries.into_iter()).with_exact_names())
    }

    /// The image of one line.
    fn of_line(&self, root: &Path, list: &Path, line: usize, content: &Line) -> Result<(ImageId, Entry)> {
        let text = match content {
            Line::Id(id) => id.as_str(),
            Line::Pair(picture, _) => {
                let of_template = self.pictures.as_ref().and_then(|template| template.id_of(picture));
                of_template.unwrap_or_else(|| picture.rsplit_once('.').map_or(picture, |(stem, _)| stem))
            }
        };
        let id = ImageId::new(text).map_err(|_| Error::BadList {
            path: list.to_owned(),
            line,
            value: text.to_owned(),
            reason: broken_rule(text).unwrap_or("it is not an id"),
        })?;
        let entry = match content {
            Line::Pair(picture, label) => {
                Entry { image: root.join(picture), label: LabelSource::Png(root.join(label)) }
            }
            Line::Id(_) => {
                let none = |what| LayoutError::NoTemplate { list: list.to_owned(), what };
                let pictures = self.pictures.as_ref().ok_or_else(|| none("pictures"))?;
                pictures.entry(self.labels.as_ref(), root, &id)?
            }
        };
        Ok((id, entry))
    }

    /// Every picture that fits the template.
    fn found(
        &self,
        root: &Path,
        pictures: &Template,
        classes: Arc<Classes>,
        needs_labels: bool,
    ) -> Result<FileSplit> {
        let folder = root.join(pictures.folder());
        if !folder.is_dir() {
            let expected = format!("the folder of the template {pictures}");
            return Err(Error::MissingFolder { path: folder, expected });
        }
        let files = files_below(root, pictures.folder())?;
        let mut entries: BTreeMap<ImageId, Entry> = BTreeMap::new();
        for file in &files {
            let Some(id) = pictures.id_of(file) else { continue };
            if is_rather_of(self.labels.as_ref(), pictures, file) {
                continue;
            }
            let id = id_of_file(id, &root.join(file))?;
            let label =
                self.labels.as_ref().map_or(Ok(LabelSource::None), |labels| labels.label(root, &id))?;
            let entry = Entry { image: root.join(file), label };
            if needs_labels {
                check_label(&entry)?;
            }
            if let Some(other) = entries.insert(id, entry) {
                return Err(Error::SameId { path: root.join(file), other: other.image });
            }
        }
        if entries.is_empty() {
            let nearest = files.into_iter().find(|file| is_picture(file));
            return Err(LayoutError::NothingFits { template: pictures.to_string(), folder, nearest }.into());
        }
        Ok(FileSplit::collect(folder, classes, entries.into_iter()).with_exact_names())
    }
}

/// Whether a file that fits a template fits another one that says more: in one folder, `{id}.png` fits the label maps
/// `{id}_mask.png` too.
fn is_rather_of(other: Option<&Template>, template: &Template, file: &str) -> bool {
    other.is_some_and(|other| other.says_more_than(template) && other.id_of(file).is_some())
}

/// The label maps that belong to no image of the split.
fn orphans(
    root: &Path,
    (pictures, labels): (Option<&Template>, &Template),
    split: &FileSplit,
) -> Result<Vec<PathBuf>> {
    if !root.join(labels.folder()).is_dir() {
        return Ok(Vec::new());
    }
    let has_picture = |file: &String| {
        let id = labels.id_of(file).map(ImageId::new);
        !matches!(id, Some(Ok(id)) if !split.holds(&id)) || is_rather_of(pictures, labels, file)
    };
    let files = files_below(root, labels.folder())?.into_iter();
    Ok(files.filter(|file| !has_picture(file)).map(|file| root.join(file)).collect())
}

fn is_picture(file: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, extension)| is_picture_extension(extension))
}

/// Refuses a picture whose label map is missing.
fn check_label(entry: &Entry) -> Result<()> {
    match &entry.label {
        LabelSource::Png(label) if !label.is_file() => {
            check_file(label)?;
            let (picture, label, similar) = (entry.image.clone(), label.clone(), similar(label));
            Err(LayoutError::NoLabel { picture, label, similar }.into())
        }
        _ => Ok(()),
    }
}
