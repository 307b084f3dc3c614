//! SBD's folder layout.

use std::path::{Path, PathBuf};

use crate::voc::{Entry, LabelSource, folder, read_list};
use crate::{ImageId, Result};

/// The folders of the Semantic Boundaries Dataset: `img/<id>.jpg`, `cls/<id>.mat` and lists `<split>.txt`.
#[derive(Debug, Clone)]
pub struct Sbd {
    root: PathBuf,
}

impl Sbd {
    /// Opens the folder that holds `dataset/` (as the archive unpacks, under whatever name), or `dataset/`
    /// itself.
    ///
    /// # Errors
    /// [`crate::Error::MissingFolder`] when `img` or `cls` is missing.
    pub fn open(path: &Path) -> Result<Sbd> {
        folder(path, "the Semantic Boundaries Dataset, with dataset/img and dataset/cls")?;
        let inner = path.join("dataset");
        let root = if inner.is_dir() { inner } else { path.to_owned() };
        folder(&root.join("img"), "SBD's pictures, <id>.jpg")?;
        folder(&root.join("cls"), "SBD's label files, <id>.mat")?;
        Ok(Sbd { root })
    }

    /// The ids of `train`, `val` or `train_noval` (the last is torchvision's: SBD's train less VOC's val).
    ///
    /// # Errors
    /// [`crate::Error::Read`], [`crate::Error::BadList`] or [`crate::Error::EmptySplit`].
    pub fn ids(&self, split: &str) -> Result<Vec<ImageId>> {
        read_list(&self.root.join(format!("{split}.txt")))
    }

    /// Where an image's files lie.
    pub(crate) fn entry(&self, id: &ImageId) -> Entry {
        Entry {
            image: self.root.join("img").join(format!("{id}.jpg")),
            label: LabelSource::Mat(self.root.join("cls").join(format!("{id}.mat"))),
        }
    }
}
