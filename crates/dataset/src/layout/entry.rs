//! The files of one image of a split.

use super::find::{LABELS, MATLAB, PICTURES, find, similar};
use crate::decode::{RawLabels, SizeCheck, exif_orientation, read_raw_labels, read_whole};
use crate::sbd::read_mat_raw;
use crate::{Classes, Error, ImageId, Limits, Result, Sample, SampleHashes, read_image_with};
use image::{GrayImage, RgbImage};
use scribe_base::digest::sha256_hex;
use scribe_base::file_kind::no_file;
use std::path::{Path, PathBuf};

/// The file of an image's labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LabelSource {
    /// A PNG of values or colours.
    Png(PathBuf),
    /// SBD's MATLAB file.
    Mat(PathBuf),
    /// None: only the picture is read.
    None,
}

impl LabelSource {
    /// The file; where there is none, no path.
    pub(crate) fn path(&self) -> &Path {
        match self {
            LabelSource::Png(path) | LabelSource::Mat(path) => path,
            LabelSource::None => Path::new(""),
        }
    }
}

/// The files of an image's picture and labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The picture.
    pub image: PathBuf,
    /// The labels.
    pub label: LabelSource,
}

impl Entry {
    /// Replaces each path by the existing file with another extension (`.JPG` for `.jpg`); returns the first that is
    /// missing.
    pub(crate) fn resolve(&mut self) -> Option<&Path> {
        let labels = match &mut self.label {
            LabelSource::Png(path) => Some((path, LABELS.as_slice())),
            LabelSource::Mat(path) => Some((path, MATLAB.as_slice())),
            LabelSource::None => None,
        };
        for (path, extensions) in [Some((&mut self.image, PICTURES.as_slice())), labels].into_iter().flatten()
        {
            match find(path, extensions) {
                Some(found) => *path = found,
                None => return Some(path),
            }
        }
        None
    }

    /// The first file that is missing.
    pub(crate) fn gone(&self) -> Option<&Path> {
        let label = (self.label != LabelSource::None).then(|| self.label.path());
        std::iter::once(self.image.as_path()).chain(label).find(|path| !path.is_file())
    }

    /// The error of the first file that is missing.
    pub(crate) fn check_files(&self, id: &ImageId, list: &Path) -> Result<()> {
        self.gone().map_or(Ok(()), |path| Err(missing(path, id, list, similar)))
    }

    /// Reads the picture.
    pub(crate) fn load_picture(&self, limits: Limits) -> Result<RgbImage> {
        read_image_with(&self.image, limits)
    }

    /// Reads the label map.
    pub(crate) fn load_label(&self, classes: &Classes, limits: Limits) -> Result<GrayImage> {
        let raw = self.raw_labels(limits, &|size, bytes| limits.check(self.label.path(), size, bytes))?;
        raw.to_classes(classes, self.label.path())
    }

    /// Hashes both files.
    pub(crate) fn hashes(&self) -> Result<SampleHashes> {
        let hash = |path: &Path| read_whole(path).map(sha256_hex);
        let label = if self.label == LabelSource::None { sha256_hex("") } else { hash(self.label.path())? };
        Ok(SampleHashes { picture: hash(&self.image)?, label })
    }

    /// Reads both files; a label map of another size than the picture's is refused before it is unpacked.
    pub(crate) fn load(&self, id: &ImageId, classes: &Classes, limits: Limits) -> Result<Sample> {
        let image = self.load_picture(limits)?;
        let label = self.raw_labels_of(image.dimensions())?.to_classes(classes, self.label.path())?;
        Ok(Sample { id: id.clone(), image, label })
    }

    /// Reads what the label file holds, which must have the size of its picture.
    pub(crate) fn raw_labels_of(&self, size: (u32, u32)) -> Result<RawLabels> {
        let area = Limits::of(u64::from(size.0) * u64::from(size.1));
        self.raw_labels(area, &|label_size, _| {
            if label_size == size {
                return Ok(());
            }
            Err(Error::SizeMismatch {
                label: self.label.path().to_owned(),
                label_size,
                image: self.image.clone(),
                image_size: size,
                orientation: self.orientation().filter(|&value| value != 1),
            })
        })
    }

    /// The EXIF orientation that the picture's file states.
    pub(crate) fn orientation(&self) -> Option<u8> {
        exif_orientation(&read_whole(&self.image).ok()?)
    }

    fn raw_labels(&self, limits: Limits, check: &SizeCheck<'_>) -> Result<RawLabels> {
        match &self.label {
            LabelSource::Png(path) => read_raw_labels(path, check),
            LabelSource::Mat(path) => read_mat_raw(path, limits, check),
            LabelSource::None => Err(Error::NoLabel { path: self.image.clone() }),
        }
    }
}

/// The error of a missing file, with the name that `similar` finds; or what is in its place.
pub(crate) fn missing(
    path: &Path,
    id: &ImageId,
    list: &Path,
    similar: impl FnOnce(&Path) -> Option<String>,
) -> Error {
    if let Some(what) = no_file(path) {
        return Error::NotAFile { path: path.to_owned(), what };
    }
    let (id, path, list, similar) = (id.to_string(), path.to_owned(), list.to_owned(), similar(path));
    Error::MissingFile { id, path, list, similar }
}
