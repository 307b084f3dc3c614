//! SBD's layout and its MATLAB files.

mod common;

use common::{config, picture, small_set};
use image::GrayImage;
use scribe_dataset::{
    Classes, Error, FileSplit, LabelFolder, Sbd, Split, TrainSet, VocSplit, read_mat_segmentation,
    write_label_png, write_synthetic,
};
use std::fs;
use std::path::Path;

/// `formula.mat` and `formula-plain.mat` are written by `reference/sbd_mat.py`.
fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name)
}

fn formula(x: u32, y: u32) -> u8 {
    match (5 * x + 3 * y) % 22 {
        21 => 255,
        value => value as u8,
    }
}

#[test]
fn reads_compressed_and_plain_files() {
    let expected = GrayImage::from_fn(17, 13, |x, y| image::Luma([formula(x, y)]));
    assert_eq!(read_mat_segmentation(&fixture("formula.mat"), &Classes::voc()).unwrap(), expected);
    assert_eq!(read_mat_segmentation(&fixture("formula-plain.mat"), &Classes::voc()).unwrap(), expected);
}

#[test]
fn every_truncation_and_many_changes_are_errors_or_maps() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.mat");
    for name in ["formula.mat", "formula-plain.mat"] {
        let whole = fs::read(fixture(name)).unwrap();
        for length in (0..whole.len()).step_by(1 + whole.len() / 150) {
            fs::write(&path, &whole[..length]).unwrap();
            // Fields after the one that is read may be cut off without harm; nothing else may.
            match read_mat_segmentation(&path, &Classes::voc()) {
                Err(error) => {
                    assert!(error.to_string().contains("a.mat: not a readable MAT-file"), "{error}")
                }
                Ok(map) => assert_eq!((map.dimensions(), name), ((17, 13), "formula-plain.mat")),
            }
        }
        for at in (128..whole.len()).step_by(1 + whole.len() / 250) {
            let mut changed = whole.clone();
            changed[at] ^= 0x5a;
            fs::write(&path, &changed).unwrap();
            // Any outcome but a panic is sound: a changed pixel may still be a class.
            if let Err(error) = read_mat_segmentation(&path, &Classes::voc()) {
                assert!(error.to_string().contains("a.mat"), "{error}");
            }
        }
    }
}

/// A VOC set of 6 + 2 pictures, and an SBD set of which pictures 0 to 3 overlap with it.
fn two_sets() -> (tempfile::TempDir, tempfile::TempDir) {
    let (voc, sbd) = (small_set(), tempfile::tempdir().unwrap());
    let data = sbd.path().join("dataset");
    for folder in ["img", "cls"] {
        fs::create_dir_all(data.join(folder)).unwrap();
    }
    let source = tempfile::tempdir().unwrap();
    let pictures = scribe_dataset::SynthConfig { train: 9, width: 34, height: 34, ..config() };
    write_synthetic(source.path(), &pictures, &|_, _| {}).unwrap();
    for number in [0, 1, 6, 7, 8] {
        let id = format!("synth_{number:06}");
        fs::copy(picture(source.path(), &id), data.join(format!("img/{id}.jpg"))).unwrap();
        fs::copy(fixture("formula.mat"), data.join(format!("cls/{id}.mat"))).unwrap();
    }
    // synth_000006 and 7 are in VOC's val.
    fs::write(data.join("train_noval.txt"), "synth_000000\nsynth_000008\n").unwrap();
    fs::write(data.join("train.txt"), "synth_000000\nsynth_000006\nsynth_000008\n").unwrap();
    fs::write(data.join("val.txt"), "synth_000001\nsynth_000007\n").unwrap();
    (voc, sbd)
}

fn ids(split: &FileSplit) -> Vec<String> {
    split.ids().iter().map(|id| id.as_str().trim_start_matches("synth_00000").to_owned()).collect()
}

#[test]
fn the_authors_set_keeps_duplicates_under_two_names() {
    let (voc, sbd) = two_sets();
    let set = TrainSet::VocPlusSbdNoval;
    let split = VocSplit::open_train(voc.path(), set, LabelFolder::Auto, Some(sbd.path())).unwrap();
    assert_eq!(ids(&split), ["0", "1", "2", "3", "4", "5", "sbd-synth_000000", "sbd-synth_000008"]);
    // The fixture's label map has another size than the picture: proof that SBD's mask is read.
    assert!(split.load(&split.ids()[0]).is_ok());
    let error = split.load(&split.ids()[6]).unwrap_err().to_string();
    assert!(error.contains("synth_000000.mat: the label map is 17x13"), "{error}");
}

#[test]
fn train_noval_is_made_where_it_is_not_there() {
    let (voc, sbd) = two_sets();
    fs::remove_file(sbd.path().join("dataset/train_noval.txt")).unwrap();
    let set = TrainSet::VocPlusSbdNoval;
    let open = || VocSplit::open_train(voc.path(), set, LabelFolder::Auto, Some(sbd.path()));
    // SBD's train (0, 6, 8) and val (1, 7), less VOC's val (6, 7), in the ids' order.
    let made = |numbers: &[u32]| {
        let of_voc = (0..6).map(|number| number.to_string());
        of_voc.chain(numbers.iter().map(|n| format!("sbd-synth_{n:06}"))).collect::<Vec<_>>()
    };
    assert_eq!(ids(&open().unwrap()), made(&[0, 1, 8]));
    // The val list of all tasks holds more than that of segmentation.
    fs::create_dir_all(voc.path().join("ImageSets/Main")).unwrap();
    fs::write(voc.path().join("ImageSets/Main/val.txt"), "synth_000001\nsynth_000006\n").unwrap();
    assert_eq!(ids(&open().unwrap()), made(&[0, 8]));
    // Without the lists that it is made of, the one that is missing is named.
    fs::remove_file(sbd.path().join("dataset/val.txt")).unwrap();
    let error = open().unwrap_err().to_string();
    assert!(error.contains("dataset/val.txt: cannot be read"), "{error}");
}

#[test]
fn train_aug_is_the_union_less_val() {
    let (voc, sbd) = two_sets();
    let open = || VocSplit::open_train(voc.path(), TrainSet::TrainAug, LabelFolder::Auto, Some(sbd.path()));
    assert_eq!(ids(&open().unwrap()), ["0", "1", "2", "3", "4", "5", "8"]);
    // A list with its label folder is taken as it is.
    let augmented = voc.path().join("SegmentationClassAug");
    fs::create_dir(&augmented).unwrap();
    write_label_png(&augmented.join("synth_000003.png"), &GrayImage::new(60, 40)).unwrap();
    let line = "/JPEGImages/synth_000003.jpg /SegmentationClassAug/synth_000003.png\n";
    fs::write(voc.path().join("ImageSets/Segmentation/trainaug.txt"), line).unwrap();
    assert_eq!(ids(&open().unwrap()), ["3"]);
    let by_name = VocSplit::open(voc.path(), "trainaug", LabelFolder::Auto).unwrap();
    let label = by_name.load(&by_name.ids()[0]).unwrap().label;
    assert!(label.pixels().all(|pixel| pixel[0] == 0), "the augmented folder's map is empty");
}

#[test]
fn names_the_missing_folder_and_file() {
    let (voc, sbd) = two_sets();
    let error = Sbd::open(&sbd.path().join("nowhere")).unwrap_err().to_string();
    assert!(error.contains("nowhere: no such folder"), "{error}");
    fs::remove_file(sbd.path().join("dataset/cls/synth_000008.mat")).unwrap();
    let set = TrainSet::VocPlusSbdNoval;
    let error = VocSplit::open_train(voc.path(), set, LabelFolder::Auto, Some(sbd.path())).unwrap_err();
    assert!(
        matches!(&error, Error::MissingFile { path, .. } if path.ends_with("cls/synth_000008.mat")),
        "{error}"
    );
    fs::remove_dir_all(sbd.path().join("dataset/cls")).unwrap();
    let error = Sbd::open(sbd.path()).unwrap_err().to_string();
    assert!(error.contains("cls: no such folder"), "{error}");
}
