//! The folders of a data set in PASCAL VOC's layout.

use super::entry::{Entry, LabelSource};
use super::label_folder::LabelFolder;
use super::list::read_list;
use crate::{Error, ImageId, Result};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// The folders of a VOC data set.
pub(super) struct Layout {
    root: PathBuf,
    /// The folder of label maps.
    pub labels: PathBuf,
}

impl Layout {
    /// The folders of pictures and lists. The folder of label maps need not exist.
    pub(crate) fn pictures(root: &Path) -> Result<Layout> {
        folder(root, "a PASCAL VOC folder with JPEGImages, ImageSets/Segmentation and SegmentationClass")?;
        folder(&root.join("JPEGImages"), "VOC's pictures, <id>.jpg")?;
        folder(&root.join("ImageSets").join("Segmentation"), "VOC's split lists, <split>.txt")?;
        Ok(Layout { root: root.to_owned(), labels: root.join("SegmentationClass") })
    }

    /// Looks for the folders under `root`.
    pub(crate) fn open(root: &Path, labels: LabelFolder) -> Result<Layout> {
        let layout = Layout::pictures(root)?;
        let (class, augmented) = (root.join("SegmentationClass"), root.join("SegmentationClassAug"));
        let labels = match labels {
            LabelFolder::Class => class,
            LabelFolder::ClassAug => augmented,
            LabelFolder::Auto if !class.is_dir() && augmented.is_dir() => augmented,
            LabelFolder::AutoAug if augmented.is_dir() => augmented,
            LabelFolder::Auto | LabelFolder::AutoAug => class,
        };
        folder(&labels, "VOC's label maps, <id>.png")?;
        Ok(Layout { labels, ..layout })
    }

    /// The file of a split's list.
    pub(crate) fn list(&self, split: &str) -> PathBuf {
        self.root.join("ImageSets").join("Segmentation").join(format!("{split}.txt"))
    }

    /// The files that an image should have.
    pub(crate) fn entry(&self, id: &ImageId) -> Entry {
        Entry {
            image: self.root.join("JPEGImages").join(format!("{id}.jpg")),
            label: LabelSource::Png(self.labels.join(format!("{id}.png"))),
        }
    }

    /// The ids of VOC's `val`: those of segmentation, and those of all tasks if that list exists too.
    pub(crate) fn held_out(&self) -> Result<HashSet<ImageId>> {
        let mut ids = read_list(&self.list("val"))?;
        let all_tasks = self.root.join("ImageSets").join("Main").join("val.txt");
        if all_tasks.is_file() {
            ids.extend(read_list(&all_tasks)?);
        } else {
            tracing::warn!(
                "{} does not exist: only the pictures of ImageSets/Segmentation/val.txt are left out of SBD's, not the \
                 others of VOC's val, so train_noval is larger than the published list of 5,623",
                all_tasks.display()
            );
        }
        Ok(ids.into_iter().collect())
    }
}

/// Fails when `path` is not a folder.
pub(crate) fn folder(path: &Path, expected: &str) -> Result<()> {
    if path.is_dir() {
        Ok(())
    } else {
        Err(Error::MissingFolder { path: path.to_owned(), expected: expected.to_owned() })
    }
}
