//! SBD's folder layout.

use crate::layout::{Entry, LabelSource};
use crate::voc::{folder, read_list};
use crate::{Error, ImageId, Result};
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

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

    /// The ids of a list, `train` or `val`.
    ///
    /// # Errors
    /// [`crate::Error::Read`], [`crate::Error::BadList`] or [`crate::Error::EmptySplit`].
    pub fn ids(&self, split: &str) -> Result<Vec<ImageId>> {
        read_list(&self.list(split))
    }

    /// Whether the list `<split>.txt` exists.
    pub fn has_list(&self, split: &str) -> bool {
        self.list(split).is_file()
    }

    /// The ids of `train_noval`, the list that torchvision fetches: SBD's pictures that are not in VOC's `val`.
    ///
    /// Reads the list if it exists. SBD's archive lacks it; then it is `train` and `val` without `held_out`, sorted by
    /// id, as the published list is. The published list, of 5,623 pictures, leaves
    /// out VOC 2012's `val` of all tasks (`ImageSets/Main/val.txt`), not of segmentation alone.
    ///
    /// # Errors
    /// [`crate::Error::Read`], [`crate::Error::BadList`] or [`crate::Error::EmptySplit`].
    pub fn train_noval(&self, held_out: &HashSet<ImageId>) -> Result<Vec<ImageId>> {
        if self.has_list("train_noval") {
            return self.ids("train_noval");
        }
        let mut ids: BTreeSet<ImageId> = self.ids("train")?.into_iter().collect();
        ids.extend(self.ids("val")?);
        ids.retain(|id| !held_out.contains(id));
        tracing::info!(
            "{} does not exist: it is train.txt and val.txt without VOC's val, {} pictures",
            self.list("train_noval").display(),
            ids.len()
        );
        if ids.is_empty() {
            Err(Error::EmptySplit { path: self.list("train_noval") })
        } else {
            Ok(ids.into_iter().collect())
        }
    }

    fn list(&self, split: &str) -> PathBuf {
        self.root.join(format!("{split}.txt"))
    }

    /// The files of an image.
    pub(crate) fn entry(&self, id: &ImageId) -> Entry {
        Entry {
            image: self.root.join("img").join(format!("{id}.jpg")),
            label: LabelSource::Mat(self.root.join("cls").join(format!("{id}.mat"))),
        }
    }
}
