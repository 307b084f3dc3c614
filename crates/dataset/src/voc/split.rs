//! A split of a data set in PASCAL VOC's layout.

use super::entry::missing;
use super::label_folder::LabelFolder;
use super::layout::Layout;
use super::{Entry, read_list};
use crate::{Error, ImageId, Limits, Result, Sample, SampleHashes, Sbd, Split};
use image::{GrayImage, RgbImage};
use std::collections::hash_map::Entry as MapEntry;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// A training list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrainSet {
    /// VOC's `train` alone (1,464 images).
    Voc,
    /// VOC's `train` followed by SBD's `train_noval` (1,464 + 5,623 = 7,087 entries): the authors' set.
    ///
    /// Images in both lists stay twice, once with each label map, as in the authors' `ConcatDataset`; the ids of
    /// SBD's entries begin with `sbd-`. If SBD's folder has no `train_noval.txt`, which SBD's archive lacks, the list is
    /// made from its other lists ([`Sbd::train_noval`]).
    VocPlusSbdNoval,
    /// `train_aug` (10,582 images): VOC's `train` and all of SBD, without VOC's `val`.
    ///
    /// Taken from a list `train_aug.txt` or `trainaug.txt` with `SegmentationClassAug` where both exist, and
    /// otherwise made from SBD's lists, with VOC's label map where VOC's `train` has one.
    TrainAug,
}

/// A split of a data set in PASCAL VOC's layout, possibly followed by SBD's images.
#[derive(Debug, Clone)]
pub struct VocSplit {
    ids: Vec<ImageId>,
    entries: HashMap<ImageId, Entry>,
    list: PathBuf,
    limits: Limits,
}

impl VocSplit {
    /// Opens the list `ImageSets/Segmentation/<split>.txt` under `root` (the `VOC2012` folder).
    ///
    /// # Errors
    /// [`Error::MissingFolder`] when a folder is missing, [`Error::Read`], [`Error::BadList`] or
    /// [`Error::EmptySplit`] for the list, [`Error::MissingFile`] for the first listed id that lacks a file.
    pub fn open(root: &Path, split: &str, labels: LabelFolder) -> Result<VocSplit> {
        VocSplit::open_list(root, split, labels)?.checked()
    }

    /// Opens a list only for its pictures: label maps and their folder need not exist. [`Split::load_picture`] reads
    /// them; [`Split::load`] fails where there are no labels.
    ///
    /// # Errors
    /// Those of [`VocSplit::open`], except those about labels.
    pub fn open_pictures(root: &Path, split: &str) -> Result<VocSplit> {
        let layout = Layout::pictures(root)?;
        let list = layout.list(split);
        let ids = read_list(&list)?;
        VocSplit::collect(list, ids.into_iter().map(|id| (id.clone(), layout.entry(&id))))
            .resolved(Entry::resolve_picture)
    }

    /// Opens a list without requiring its images' files. Meant for [`crate::check_dataset`], which then names every
    /// missing file.
    ///
    /// # Errors
    /// Those of [`VocSplit::open`] except [`Error::MissingFile`].
    pub fn open_unchecked(root: &Path, split: &str, labels: LabelFolder) -> Result<VocSplit> {
        let mut opened = VocSplit::open_list(root, split, labels)?;
        for entry in opened.entries.values_mut() {
            // A missing file is an error when it is loaded.
            entry.resolve();
        }
        Ok(opened)
    }

    /// The same images, read with limits other than the default ones.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> VocSplit {
        VocSplit { limits, ..self }
    }

    fn open_list(root: &Path, split: &str, labels: LabelFolder) -> Result<VocSplit> {
        let layout = Layout::open(root, labels.for_list(split))?;
        let list = layout.list(split);
        let ids = read_list(&list)?;
        tracing::debug!(list = %list.display(), labels = %layout.labels.display(), images = ids.len(), "split opened");
        Ok(VocSplit::collect(list, ids.into_iter().map(|id| (id.clone(), layout.entry(&id)))))
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
    ) -> Result<VocSplit> {
        match set {
            TrainSet::Voc => VocSplit::open(root, "train", labels),
            TrainSet::VocPlusSbdNoval => VocSplit::voc_then_sbd(root, labels, required(sbd)?)?.checked(),
            TrainSet::TrainAug => VocSplit::train_aug(root, labels, sbd)?.checked(),
        }
    }

    /// The list that this split was read from.
    pub fn list(&self) -> &Path {
        &self.list
    }

    fn voc_then_sbd(root: &Path, labels: LabelFolder, sbd: &Path) -> Result<VocSplit> {
        let sbd = Sbd::open(sbd)?;
        let voc = VocSplit::open_list(root, "train", labels)?;
        let list = voc.list.clone();
        let published = sbd.has_list("train_noval");
        let held_out = if published { HashSet::new() } else { Layout::open(root, labels)?.held_out()? };
        let second = sbd.train_noval(&held_out)?.into_iter().map(|id| {
            let renamed = ImageId::new(format!("sbd-{id}")).expect("a prefix of allowed characters");
            (renamed, sbd.entry(&id))
        });
        Ok(VocSplit::collect(list, voc.into_entries().chain(second)))
    }

    fn train_aug(root: &Path, labels: LabelFolder, sbd: Option<&Path>) -> Result<VocSplit> {
        let augmented = Layout::open(root, LabelFolder::ClassAug);
        if let (Ok(layout), true) = (&augmented, labels != LabelFolder::Class) {
            let known = ["train_aug", "trainaug"].into_iter().find(|name| layout.list(name).is_file());
            if let Some(name) = known {
                return VocSplit::open_list(root, name, LabelFolder::ClassAug);
            }
        }
        let sbd = Sbd::open(required(sbd)?)?;
        let voc = VocSplit::open_list(root, "train", labels)?;
        let layout = Layout::open(root, labels)?;
        let held_out: HashSet<ImageId> = read_list(&layout.list("val"))?.into_iter().collect();
        let list = voc.list.clone();
        let mut more = sbd.ids("train")?;
        more.extend(sbd.ids("val")?);
        let more: Vec<_> =
            more.into_iter().filter(|id| !held_out.contains(id) && !voc.entries.contains_key(id)).collect();
        let second = more.into_iter().map(|id| (id.clone(), sbd.entry(&id)));
        Ok(VocSplit::collect(list, voc.into_entries().chain(second)))
    }

    /// Keeps the first entry of each id.
    fn collect(list: PathBuf, items: impl Iterator<Item = (ImageId, Entry)>) -> VocSplit {
        let (mut ids, mut entries) = (Vec::new(), HashMap::new());
        for (id, entry) in items {
            if let MapEntry::Vacant(place) = entries.entry(id.clone()) {
                place.insert(entry);
                ids.push(id);
            }
        }
        VocSplit { ids, entries, list, limits: Limits::default() }
    }

    fn into_entries(mut self) -> impl Iterator<Item = (ImageId, Entry)> {
        self.ids.into_iter().map(move |id| {
            let entry = self.entries.remove(&id).expect("each id has an entry");
            (id, entry)
        })
    }

    fn checked(self) -> Result<VocSplit> {
        self.resolved(Entry::resolve)
    }

    /// Replaces each path by the existing file with another extension; fails at the first image for which `resolve`
    /// returns a missing file.
    fn resolved(mut self, resolve: impl Fn(&mut Entry) -> Option<&Path>) -> Result<VocSplit> {
        for id in &self.ids {
            if let Some(path) = self.entries.get_mut(id).and_then(&resolve) {
                return Err(missing(path, id, &self.list));
            }
        }
        Ok(self)
    }

    fn entry(&self, id: &ImageId) -> Result<&Entry> {
        self.entries.get(id).ok_or_else(|| Error::UnknownId { id: id.to_string() })
    }

    /// Turns the error of a file that cannot be read into that of a missing file, if it is missing.
    fn explained(&self, id: &ImageId, entry: &Entry, error: Error) -> Error {
        match error {
            Error::Read { .. } => entry.check_files(id, &self.list).err().unwrap_or(error),
            other => other,
        }
    }
}

impl Split for VocSplit {
    fn ids(&self) -> &[ImageId] {
        &self.ids
    }

    fn load(&self, id: &ImageId) -> Result<Sample> {
        let entry = self.entry(id)?;
        entry.load(id, self.limits).map_err(|error| self.explained(id, entry, error))
    }

    fn load_picture(&self, id: &ImageId) -> Result<RgbImage> {
        let entry = self.entry(id)?;
        entry.load_picture(self.limits).map_err(|error| self.explained(id, entry, error))
    }

    fn load_label(&self, id: &ImageId) -> Result<GrayImage> {
        let entry = self.entry(id)?;
        entry.load_label(self.limits).map_err(|error| self.explained(id, entry, error))
    }

    fn hashes(&self, id: &ImageId) -> Result<SampleHashes> {
        self.entry(id)?.hashes()
    }

    fn orientation(&self, id: &ImageId) -> Option<u8> {
        self.entries.get(id)?.orientation()
    }
}

fn required(sbd: Option<&Path>) -> Result<&Path> {
    sbd.ok_or_else(|| Error::MissingFolder {
        path: PathBuf::from("SBD"),
        expected: "the folder of the Semantic Boundaries Dataset, which this training set needs (--sbd)"
            .to_owned(),
    })
}
