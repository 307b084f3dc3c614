//! Every file of the real val split, and some of train, against Pillow itself.
//!
//! Runs where `SCRIBE_PYTHON` names a Python with Pillow and numpy, and the real pictures are there.

mod common;

use common::voc_subset;
use scribe_base::digest::sha256_hex;
use scribe_dataset::{
    Classes, LabelFolder, Split, VocSplit, read_image, read_label, resize_bilinear, resize_bilinear_pillow13,
    resize_nearest,
};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Pictures of train that are looked at, spread over it.
const FROM_TRAIN: usize = 100;

fn sha(bytes: &[u8]) -> String {
    sha256_hex(bytes)
}

/// What the reference script prints about each file: its digest, and that of its squashed view.
fn pillow(python: &Path, mode: &str, files: &[PathBuf]) -> HashMap<PathBuf, (String, String)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/pillow.py");
    let output = Command::new(python).arg(script).arg(mode).args(files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let row = |line: &str| {
        let mut cells = line.rsplitn(3, ',').map(ToOwned::to_owned);
        let (squashed, whole) = (cells.next().unwrap(), cells.next().unwrap());
        (PathBuf::from(cells.next().unwrap()), (whole, squashed))
    };
    text.lines().map(row).collect()
}

#[test]
fn pictures_and_labels_equal_pillow() {
    let Some(root) = voc_subset() else { return };
    let Some(python) = std::env::var_os("SCRIBE_PYTHON").map(PathBuf::from) else {
        eprintln!("skipped: SCRIBE_PYTHON names no Python with Pillow");
        return;
    };
    let mut ids = VocSplit::open(&root, "val", LabelFolder::Auto).unwrap().ids().to_vec();
    let train = VocSplit::open(&root, "train", LabelFolder::Auto).unwrap();
    ids.extend(train.ids().iter().step_by(train.ids().len() / FROM_TRAIN).cloned());

    let pictures: Vec<_> = ids.iter().map(|id| root.join(format!("JPEGImages/{id}.jpg"))).collect();
    // Pillow 13 rounds in another order than those before it: one of the two must fit all files.
    let orders = [resize_bilinear, resize_bilinear_pillow13];
    let mut fits = [true; 2];
    for (path, (whole, squashed)) in pillow(&python, "files", &pictures) {
        let image = read_image(&path).unwrap();
        assert_eq!(sha(image.as_raw()), whole, "{}", path.display());
        for (fits, resize) in fits.iter_mut().zip(orders) {
            *fits &= sha(resize(&image, 224, 224).as_raw()) == squashed;
        }
    }
    assert!(fits[0] != fits[1], "squashed to 224: fits Pillow up to 12: {}, Pillow 13: {}", fits[0], fits[1]);
    let labels: Vec<_> = ids.iter().map(|id| root.join(format!("SegmentationClassAug/{id}.png"))).collect();
    for (path, (whole, squashed)) in pillow(&python, "labels", &labels) {
        let label = read_label(&path, &Classes::voc()).unwrap();
        assert_eq!(sha(label.as_raw()), whole, "{}", path.display());
        assert_eq!(sha(resize_nearest(&label, 224, 224).as_raw()), squashed, "{} at 224", path.display());
    }
    let version = if fits[0] { "up to 12" } else { "13" };
    eprintln!("Pillow {version}: {} pictures and {} label maps are equal", pictures.len(), labels.len());
}
