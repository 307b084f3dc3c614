//! One image of a split on disk: where its picture and its labels lie.

use std::path::{Path, PathBuf};

use image::RgbImage;

use crate::sbd::read_mat_segmentation;
use crate::{Error, ImageId, Result, Sample, read_image, read_label};

/// Where an image's labels come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LabelSource {
    /// A palette or grey PNG.
    Png(PathBuf),
    /// SBD's MATLAB file.
    Mat(PathBuf),
}

impl LabelSource {
    /// The file.
    pub fn path(&self) -> &Path {
        match self {
            LabelSource::Png(path) | LabelSource::Mat(path) => path,
        }
    }
}

/// Where an image's picture and labels lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The picture.
    pub image: PathBuf,
    /// The labels.
    pub label: LabelSource,
}

impl Entry {
    /// Fails when one of the two files does not exist.
    pub fn check_files(&self, id: &ImageId, list: &Path) -> Result<()> {
        match [self.image.as_path(), self.label.path()].into_iter().find(|path| !path.is_file()) {
            None => Ok(()),
            Some(path) => {
                Err(Error::MissingFile { id: id.to_string(), path: path.to_owned(), list: list.to_owned() })
            }
        }
    }

    /// Fails when the picture does not exist; its labels are not looked for.
    pub fn check_picture(&self, id: &ImageId, list: &Path) -> Result<()> {
        if self.image.is_file() {
            return Ok(());
        }
        Err(Error::MissingFile { id: id.to_string(), path: self.image.clone(), list: list.to_owned() })
    }

    /// Reads the picture.
    pub fn load_picture(&self) -> Result<RgbImage> {
        read_image(&self.image)
    }

    /// Reads the label map.
    pub fn load_label(&self) -> Result<image::GrayImage> {
        match &self.label {
            LabelSource::Png(path) => read_label(path),
            LabelSource::Mat(path) => read_mat_segmentation(path),
        }
    }

    /// Reads both files and checks that they fit together.
    pub fn load(&self, id: &ImageId) -> Result<Sample> {
        let image = self.load_picture()?;
        let label = self.load_label()?;
        if image.dimensions() != label.dimensions() {
            return Err(Error::SizeMismatch {
                label: self.label.path().to_owned(),
                label_size: label.dimensions(),
                image: self.image.clone(),
                image_size: image.dimensions(),
            });
        }
        Ok(Sample { id: id.clone(), image, label })
    }
}
