//! What several of these tests share.
#![allow(dead_code, reason = "each test program uses a part of it")]

use scribe_dataset::{FileSplit, LabelFolder, Scale, SynthConfig, TrainView, VocSplit, write_synthetic};
use std::fs;
use std::path::{Path, PathBuf};

/// A small set.
pub(crate) fn config() -> SynthConfig {
    SynthConfig { train: 6, val: 2, width: 60, height: 40, classes: vec![2, 9, 15], seed: 5 }
}

/// A small set on disk, in a folder that goes away with the value.
pub(crate) fn small_set() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    write_synthetic(dir.path(), &config(), &|_, _| {}).unwrap();
    dir
}

/// The authors' scale and crop, for small pictures.
pub(crate) fn view() -> TrainView {
    TrainView { scale: Scale::ShortSide { min: 20, max: 80 }, crop: 40, jitter: None, flip: true }
}

/// The training split of a set on disk.
pub(crate) fn train(root: &Path) -> scribe_dataset::Result<FileSplit> {
    VocSplit::open(root, "train", LabelFolder::Auto)
}

/// A file of the set.
pub(crate) fn label(root: &Path, id: &str) -> PathBuf {
    root.join("SegmentationClass").join(format!("{id}.png"))
}

/// A file of the set.
pub(crate) fn picture(root: &Path, id: &str) -> PathBuf {
    root.join("JPEGImages").join(format!("{id}.jpg"))
}

/// The folder with real pictures, if it is there.
pub(crate) fn voc_subset() -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    let shared = std::env::var_os("SCRIBE_SHARED").map_or_else(beside, PathBuf::from);
    let root = shared.join("data").join("voc2012-subset");
    if !root.is_dir() {
        eprintln!("skipped: {} is not there (set SCRIBE_SHARED)", root.display());
        return None;
    }
    Some(root)
}

/// All files below a folder with their contents, sorted by path.
pub(crate) fn contents(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.strip_prefix(root).unwrap().to_owned(), fs::read(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}
