//! PASCAL VOC's layout, lists and label folders, as a preset of [`Layout`].

use super::label_folder::LabelFolder;
use super::layout::VocFolders;
use super::{TrainSet, read_list};
use crate::layout::FileSplit;
use crate::{Classes, Error, ImageId, Result, Sbd};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Opens splits of a data set in PASCAL VOC's layout, possibly followed by SBD's images. Label files mean VOC's classes,
/// unless [`FileSplit::with_classes`] says otherwise.
#[derive(Debug)]
pub enum VocSplit {}

impl VocSplit {
    /// Opens the list `ImageSets/Segmentation/<split>.txt` under `root` (the `VOC2012` folder).
    ///
    /// # Errors
    /// [`Error::MissingFolder`] when a folder is missing, [`Error::Read`], [`Error::BadList`] or
    /// [`Error::EmptySplit`] for the list, [`Error::MissingFile`] for the first listed id that lacks a file.
    pub fn open(root: &Path, split: &str, labels: LabelFolder) -> Result<FileSplit> {
        VocSplit::open_list(root, split, labels)?.checked()
    }

    /// Opens a list only for its pictures: label maps and their folder need not exist. [`crate::Split::load_picture`]
    /// reads them; [`crate::Split::load`] fails.
    ///
    /// # Errors
    /// Those of [`VocSplit::open`], except those about labels.
    pub fn open_pictures(root: &Path, split: &str) -> Result<FileSplit> {
        VocFolders::pictures(root)?.split(split)?.checked()
    }

    /// Opens a list without requiring its images' files. Meant for [`crate::check_dataset`], which then names every
    /// missing file.
    ///
    /// # Errors
    /// Those of [`VocSplit::open`] except [`Error::MissingFile`].
    pub fn open_unchecked(root: &Path, split: &str, labels: LabelFolder) -> Result<FileSplit> {
        Ok(VocSplit::open_list(root, split, labels)?.unchecked())
    }

    fn open_list(root: &Path, split: &str, labels: LabelFolder) -> Result<FileSplit> {
        VocFolders::open(root, labels.for_list(split))?.split(split)
    }

    /// Opens a training set; `sbd` is the folder that holds `dataset/`, or that folder itself.
    ///
    /// # Errors
    /// Those of [`VocSplit::open`], and [`Error::MissingFolder`] when the set needs SBD and it is not given.
    pub fn open_train(
        root: &Path,
        set: TrainSet,
        labels: LabelFolder,
        sbd: Option<&Path>,
    ) -> Result<FileSplit> {
        match set {
            TrainSet::Voc => VocSplit::open(root, "train", labels),
            TrainSet::VocPlusSbdNoval => VocSplit::voc_then_sbd(root, labels, required(sbd)?)?.checked(),
            TrainSet::TrainAug => VocSplit::train_aug(root, labels, sbd)?.checked(),
        }
    }

    fn voc_then_sbd(root: &Path, labels: LabelFolder, sbd: &Path) -> Result<FileSplit> {
        let sbd = Sbd::open(sbd)?;
        let voc = VocSplit::open_list(root, "train", labels)?;
        let list = voc.source().to_owned();
        let published = sbd.has_list("train_noval");
        let held_out = if published { HashSet::new() } else { VocFolders::open(root, labels)?.held_out()? };
        let second = sbd.train_noval(&held_out)?.into_iter().map(|id| {
            let renamed = ImageId::new(format!("sbd-{id}")).expect("a prefix of allowed characters");
            (renamed, sbd.entry(&id))
        });
        Ok(FileSplit::collect(list, Classes::voc(), voc.into_entries().chain(second)))
    }

    fn train_aug(root: &Path, labels: LabelFolder, sbd: Option<&Path>) -> Result<FileSplit> {
        let augmented = VocFolders::open(root, LabelFolder::ClassAug);
        if let (Ok(folders), true) = (&augmented, labels != LabelFolder::Class) {
            let known = ["train_aug", "trainaug"].into_iter().find(|name| folders.list(name).is_file());
            if let Some(name) = known {
                return VocSplit::open_list(root, name, LabelFolder::ClassAug);
            }
        }
        let sbd = Sbd::open(required(sbd)?)?;
        let voc = VocSplit::open_list(root, "train", labels)?;
        let folders = VocFolders::open(root, labels)?;
        let held_out: HashSet<ImageId> = read_list(&folders.list("val"))?.into_iter().collect();
        let list = voc.source().to_owned();
        let mut more = sbd.ids("train")?;
        more.extend(sbd.ids("val")?);
        let more: Vec<_> = more.into_iter().filter(|id| !held_out.contains(id) && !voc.holds(id)).collect();
        let second = more.into_iter().map(|id| (id.clone(), sbd.entry(&id)));
        Ok(FileSplit::collect(list, Classes::voc(), voc.into_entries().chain(second)))
    }
}

fn required(sbd: Option<&Path>) -> Result<&Path> {
    sbd.ok_or_else(|| Error::MissingFolder {
        path: PathBuf::from("SBD"),
        expected: "the folder of the Semantic Boundaries Dataset, which this training set needs (--sbd)"
            .to_owned(),
    })
}
