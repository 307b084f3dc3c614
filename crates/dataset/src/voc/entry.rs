//! The files of one image of a split.

use super::find::{LABELS, MATLAB, PICTURES, find, similar};
use crate::decode::{exif_orientation, read_label_checked};
use crate::sbd::read_mat_checked;
use crate::{Error, ImageId, Limits, Result, Sample, SampleHashes, read_image_with};
use image::{GrayImage, RgbImage};
use scribe_base::digest::sha256_hex;
use std::fs;
use std::path::{Path, PathBuf};

/// The file of an image's labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LabelSource {
    /// A palette or grey PNG.
    Png(PathBuf),
    /// SBD's MATLAB file.
    Mat(PathBuf),
}

impl LabelSource {
    /// The file.
    pub(crate) fn path(&self) -> &Path {
        match self {
            LabelSource::Png(path) | LabelSource::Mat(path) => path,
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
        let (label, extensions) = match &mut self.label {
            LabelSource::Png(path) => (path, LABELS.as_slice()),
            LabelSource::Mat(path) => (path, MATLAB.as_slice()),
        };
        for (path, extensions) in [(&mut self.image, PICTURES.as_slice()), (label, extensions)] {
            match find(path, extensions) {
                Some(found) => *path = found,
                None => return Some(path),
            }
        }
        None
    }

    /// The error of the first file that is missing.
    pub(crate) fn check_files(&self, id: &ImageId, list: &Path) -> Result<()> {
        let gone = [self.image.as_path(), self.label.path()].into_iter().find(|path| !path.is_file());
        gone.map_or(Ok(()), |path| Err(missing(path, id, list)))
    }

    /// Replaces the picture's path by the existing file with another extension; returns it if it is missing. The
    /// labels are not looked for.
    pub(crate) fn resolve_picture(&mut self) -> Option<&Path> {
        match find(&self.image, &PICTURES) {
            Some(found) => self.image = found,
            None => return Some(&self.image),
        }
        None
    }

    /// Reads the picture.
    pub(crate) fn load_picture(&self, limits: Limits) -> Result<RgbImage> {
        read_image_with(&self.image, limits)
    }

    /// Reads the label map.
    pub(crate) fn load_label(&self, limits: Limits) -> Result<GrayImage> {
        self.label_checked(limits, &|size| limits.check(self.label.path(), size))
    }

    /// Hashes both files.
    pub(crate) fn hashes(&self) -> Result<SampleHashes> {
        let hash =
            |path: &Path| fs::read(path).map(|bytes| sha256_hex(&bytes)).map_err(|e| Error::read(path, e));
        Ok(SampleHashes { picture: hash(&self.image)?, label: hash(self.label.path())? })
    }

    /// Reads both files; a label map of another size than the picture's is refused before it is unpacked.
    pub(crate) fn load(&self, id: &ImageId, limits: Limits) -> Result<Sample> {
        let image = self.load_picture(limits)?;
        let size = image.dimensions();
        let area = Limits { max_pixels: u64::from(size.0) * u64::from(size.1) };
        let same = |label_size| {
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
        };
        let label = self.label_checked(area, &same)?;
        Ok(Sample { id: id.clone(), image, label })
    }

    /// The EXIF orientation that the picture's file states.
    pub(crate) fn orientation(&self) -> Option<u8> {
        exif_orientation(&std::fs::read(&self.image).ok()?)
    }

    fn label_checked(&self, limits: Limits, check: &dyn Fn((u32, u32)) -> Result<()>) -> Result<GrayImage> {
        match &self.label {
            LabelSource::Png(path) => read_label_checked(path, check),
            LabelSource::Mat(path) => read_mat_checked(path, limits, check),
        }
    }
}

/// The error of a missing file.
pub(crate) fn missing(path: &Path, id: &ImageId, list: &Path) -> Error {
    let (id, path, list, similar) = (id.to_string(), path.to_owned(), list.to_owned(), similar(path));
    Error::MissingFile { id, path, list, similar }
}
