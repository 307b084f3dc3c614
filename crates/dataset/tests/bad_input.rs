//! Each kind of bad input is one error that names the file and the value.

mod common;

use common::{label, picture, small_set, train};
use image::{GrayImage, Luma, RgbImage};
use scribe_dataset::{
    Classes, Error, ImageId, LabelFolder, Split, TrainSet, VocSplit, read_image, read_label, write_label_png,
    write_png,
};
use std::fs;

/// The error of loading the first training image.
fn load_error(root: &std::path::Path) -> String {
    let split = train(root).unwrap();
    split.load(&split.ids()[0]).unwrap_err().to_string()
}

#[test]
fn missing_folders() {
    let dir = small_set();
    let nowhere = dir.path().join("nowhere");
    let error = train(&nowhere).unwrap_err().to_string();
    assert!(error.contains("nowhere: no such folder") && error.contains("PASCAL VOC"), "{error}");
    let error = VocSplit::open(dir.path(), "train", LabelFolder::ClassAug).unwrap_err().to_string();
    assert!(error.contains("SegmentationClassAug: no such folder"), "{error}");
    fs::remove_dir_all(dir.path().join("JPEGImages")).unwrap();
    let error = train(dir.path()).unwrap_err().to_string();
    assert!(error.contains("JPEGImages: no such folder"), "{error}");
}

#[test]
fn missing_list_and_empty_list() {
    let dir = small_set();
    let error = VocSplit::open(dir.path(), "test", LabelFolder::Auto).unwrap_err().to_string();
    assert!(error.contains("test.txt: cannot be read"), "{error}");
    fs::write(dir.path().join("ImageSets/Segmentation/train.txt"), "\n").unwrap();
    let error = train(dir.path()).unwrap_err().to_string();
    assert!(error.contains("train.txt: the split list is empty"), "{error}");
}

#[test]
fn listed_id_without_its_file() {
    let dir = small_set();
    fs::remove_file(picture(dir.path(), "synth_000003")).unwrap();
    let error = train(dir.path()).unwrap_err();
    assert!(matches!(error, Error::MissingFile { .. }));
    let error = error.to_string();
    assert!(error.contains("synth_000003.jpg: no such file") && error.contains("train.txt"), "{error}");
    let dir = small_set();
    fs::remove_file(label(dir.path(), "synth_000002")).unwrap();
    let error = train(dir.path()).unwrap_err().to_string();
    assert!(error.contains("synth_000002.png: no such file"), "{error}");
}

#[test]
fn id_that_is_not_in_the_split() {
    let dir = small_set();
    let error =
        train(dir.path()).unwrap().load(&ImageId::new("2007_000033").unwrap()).unwrap_err().to_string();
    assert_eq!(error, "image 2007_000033 is not in this split");
}

#[test]
fn mask_of_another_size() {
    let dir = small_set();
    write_label_png(&label(dir.path(), "synth_000000"), &GrayImage::new(59, 40)).unwrap();
    let error = load_error(dir.path());
    assert!(error.contains("synth_000000.png: the label map is 59x40"), "{error}");
    assert!(error.contains("synth_000000.jpg is 60x40"), "{error}");
}

#[test]
fn label_above_twenty() {
    let dir = small_set();
    let mut labels = GrayImage::new(60, 40);
    labels.put_pixel(7, 3, Luma([21]));
    labels.put_pixel(0, 0, Luma([255]));
    write_label_png(&label(dir.path(), "synth_000000"), &labels).unwrap();
    let error = load_error(dir.path());
    assert!(error.contains("synth_000000.png: label 21 at x=7, y=3 (expected 0..=20, or 255"), "{error}");
}

#[test]
fn mask_of_colours() {
    let dir = small_set();
    write_png(&label(dir.path(), "synth_000000"), &RgbImage::new(60, 40)).unwrap();
    let error = load_error(dir.path());
    assert!(
        error.contains("synth_000000.png: not a readable label PNG: its colour type is RGB ("),
        "{error}"
    );
}

#[test]
fn truncated_jpeg_at_any_length() {
    let dir = small_set();
    let path = picture(dir.path(), "synth_000000");
    let whole = fs::read(&path).unwrap();
    for length in (0..whole.len()).step_by(97).chain([whole.len() - 3, whole.len() - 20]) {
        fs::write(&path, &whole[..length]).unwrap();
        let error = load_error(dir.path());
        assert!(error.contains("synth_000000.jpg: not a readable JPEG"), "{length}: {error}");
    }
}

#[test]
fn truncated_png() {
    let dir = small_set();
    let path = label(dir.path(), "synth_000000");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 30]).unwrap();
    let error = read_label(&path, &Classes::voc()).unwrap_err().to_string();
    assert!(error.contains("synth_000000.png: not a readable label PNG"), "{error}");
    let path = dir.path().join("picture.png");
    write_png(&path, &RgbImage::from_fn(40, 40, |x, y| image::Rgb([x as u8, y as u8, (x * y) as u8])))
        .unwrap();
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let error = read_image(&path).unwrap_err().to_string();
    assert!(error.contains("picture.png: not a readable PNG"), "{error}");
}

#[test]
fn file_that_is_no_picture() {
    let dir = small_set();
    let path = dir.path().join("notes.jpg");
    fs::write(&path, "not a picture").unwrap();
    let error = read_image(&path).unwrap_err().to_string();
    assert!(error.contains("notes.jpg: not a readable JPEG or PNG"), "{error}");
    let error = read_image(&dir.path().join("none.jpg")).unwrap_err().to_string();
    assert!(error.contains("none.jpg: cannot be read"), "{error}");
}

#[test]
fn training_set_without_sbd() {
    let dir = small_set();
    for set in [TrainSet::VocPlusSbdNoval, TrainSet::TrainAug] {
        let error = VocSplit::open_train(dir.path(), set, LabelFolder::Auto, None).unwrap_err().to_string();
        assert!(error.contains("Semantic Boundaries Dataset"), "{error}");
    }
}
