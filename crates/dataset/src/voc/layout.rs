//! The folders of a data set in PASCAL VOC's layout.

use super::label_folder::LabelFolder;
use super::list::read_list;
use crate::layout::{FileSplit, Template};
use crate::{Classes, Error, ImageId, Result};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// VOC's pictures.
const PICTURES: &str = "JPEGImages/{id}.jpg";

/// The folders of a VOC data set: templates, and where the lists are.
pub(super) struct VocFolders {
    root: PathBuf,
    /// The folder of label maps; `None` where only pictures are read.
    labels: Option<&'static str>,
}

impl VocFolders {
    /// The folders of pictures and lists. The folder of label maps need not exist.
    pub(crate) fn pictures(root: &Path) -> Result<VocFolders> {
        folder(root, "a PASCAL VOC folder with JPEGImages, ImageSets/Segmentation and SegmentationClass")?;
        folder(&root.join("JPEGImages"), "VOC's pictures, <id>.jpg")?;
        folder(&root.join("ImageSets").join("Segmentation"), "VOC's split lists, <split>.txt")?;
        Ok(VocFolders { root: root.to_owned(), labels: None })
    }

    /// Looks for the folders under `root`.
    pub(crate) fn open(root: &Path, labels: LabelFolder) -> Result<VocFolders> {
        let folders = VocFolders::pictures(root)?;
        let (class, augmented) = ("SegmentationClass", "SegmentationClassAug");
        let is_there = |name: &str| root.join(name).is_dir();
        let labels = match labels {
            LabelFolder::Class => class,
            LabelFolder::ClassAug => augmented,
            LabelFolder::Auto if !is_there(class) && is_there(augmented) => augmented,
            LabelFolder::AutoAug if is_there(augmented) => augmented,
            LabelFolder::Auto | LabelFolder::AutoAug => class,
        };
        folder(&root.join(labels), "VOC's label maps, <id>.png")?;
        Ok(VocFolders { labels: Some(labels), ..folders })
    }

    /// The file of a split's list.
    pub(crate) fn list(&self, split: &str) -> PathBuf {
        self.root.join("ImageSets").join("Segmentation").join(format!("{split}.txt"))
    }

    /// The images of a split's list.
    pub(crate) fn split(&self, split: &str) -> Result<FileSplit> {
        let list = self.list(split);
        let ids = read_list(&list)?;
        let pictures = Template::new(PICTURES)?;
        let labels = self.labels.map(|folder| Template::new(&format!("{folder}/{{id}}.png"))).transpose()?;
        let entry = |id: ImageId| {
            let entry = pictures.entry(labels.as_ref(), &self.root, &id)?;
            Ok((id, entry))
        };
        tracing::debug!(list = %list.display(), labels = ?self.labels, images = ids.len(), "split opened");
        let entries: Vec<_> = ids.into_iter().map(entry).collect::<Result<_>>()?;
        Ok(FileSplit::collect(list, Classes::voc(), entries.into_iter()))
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
