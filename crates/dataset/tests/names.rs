//! Files under other endings, EXIF orientations, and lists that SBD's archive lacks.

mod common;

use common::{label, picture, small_set, train};
use image::{GrayImage, RgbImage};
use scribe_dataset::{
    LabelFolder, Split, VocSplit, check_dataset, exif_orientation, read_image, write_label_png, write_png,
};
use std::fs;
use std::path::Path;

#[test]
fn pictures_are_found_under_each_ending() {
    let dir = small_set();
    let open = || {
        let split = train(dir.path())?;
        split.load(&split.ids()[0])
    };
    let jpeg = picture(dir.path(), "synth_000000");
    let expected = open().unwrap();
    for ending in ["jpeg", "JPG", "JPEG"] {
        let other = jpeg.with_extension(ending);
        fs::rename(&jpeg, &other).unwrap();
        assert_eq!(open().unwrap(), expected, "{ending}");
        fs::rename(&other, &jpeg).unwrap();
    }
    fs::remove_file(&jpeg).unwrap();
    for ending in ["png", "PNG"] {
        let other = jpeg.with_extension(ending);
        write_png(&other, &expected.image).unwrap();
        assert_eq!(open().unwrap(), expected, "{ending}");
        fs::remove_file(&other).unwrap();
    }
    // What a file is follows from its bytes: a PNG may be called .jpg.
    write_png(&jpeg, &expected.image).unwrap();
    assert_eq!(open().unwrap(), expected);
    let mask = label(dir.path(), "synth_000000");
    fs::rename(&mask, mask.with_extension("PNG")).unwrap();
    assert_eq!(open().unwrap(), expected);
}

#[test]
fn pictures_alone_are_found_under_each_ending_too() {
    let dir = small_set();
    let jpeg = picture(dir.path(), "synth_000000");
    let expected = read_image(&jpeg).unwrap();
    fs::rename(&jpeg, jpeg.with_extension("JPG")).unwrap();
    fs::remove_dir_all(dir.path().join("SegmentationClass")).unwrap();
    let split = VocSplit::open_pictures(dir.path(), "train").unwrap();
    assert_eq!(split.load_picture(&split.ids()[0]).unwrap(), expected);
    fs::rename(jpeg.with_extension("JPG"), jpeg.with_extension("tif")).unwrap();
    let error = VocSplit::open_pictures(dir.path(), "train").unwrap_err().to_string();
    assert!(error.contains("a file of a similar name is synth_000000.tif"), "{error}");
}

#[test]
fn a_missing_picture_names_the_nearest_file() {
    let dir = small_set();
    let jpeg = picture(dir.path(), "synth_000003");
    for (name, nearest) in
        [("synth_000003.tif", "synth_000003.tif"), ("SYNTH_000003.jpg", "SYNTH_000003.jpg")]
    {
        let other = jpeg.with_file_name(name);
        fs::rename(&jpeg, &other).unwrap();
        let error = train(dir.path()).unwrap_err().to_string();
        assert!(error.contains("synth_000003.jpg: no such file") && error.contains("train.txt"), "{error}");
        assert!(
            error.contains(&format!("a file of a similar name is {nearest} (pictures end in .jpg")),
            "{error}"
        );
        let split = VocSplit::open_unchecked(dir.path(), "train", LabelFolder::Auto).unwrap();
        let report = check_dataset(&split, &|_, _| {});
        assert!(report.problems[0].message.contains(nearest), "{:?}", report.problems);
        fs::rename(&other, &jpeg).unwrap();
    }
}

/// The JPEG file with a segment that states an orientation.
fn turn(path: &Path, orientation: u8) {
    let bytes = fs::read(path).unwrap();
    let mut turned = bytes[..2].to_vec();
    turned.extend(b"\xff\xe1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    turned.extend([orientation, 0, 0, 0, 0, 0, 0]);
    turned.extend(&bytes[2..]);
    fs::write(path, turned).unwrap();
}

#[test]
fn an_orientation_is_not_applied_but_counted_and_named() {
    let dir = small_set();
    let (first, second) = (picture(dir.path(), "synth_000000"), picture(dir.path(), "synth_000001"));
    let upright = read_image(&first).unwrap();
    for (path, orientation) in [(&first, 3), (&second, 6), (&picture(dir.path(), "synth_000002"), 1)] {
        turn(path, orientation);
        assert_eq!(exif_orientation(&fs::read(path).unwrap()), Some(orientation));
    }
    assert_eq!(read_image(&first).unwrap(), upright, "pixels are taken as stored");

    let report = check_dataset(&train(dir.path()).unwrap(), &|_, _| {});
    assert!(report.is_clean());
    let found: Vec<_> = report.oriented.iter().map(|(id, value)| (id.as_str(), *value)).collect();
    assert_eq!(found, [("synth_000000", 3), ("synth_000001", 6)]);
    let warnings = report.warnings().join("\n");
    let wanted = "2 of 6 pictures state an EXIF orientation (1 of 3, 1 of 6), which is not applied";
    assert!(warnings.contains(wanted), "{warnings}");

    // A mask that was drawn on the turned picture.
    write_label_png(&label(dir.path(), "synth_000001"), &GrayImage::new(40, 60)).unwrap();
    let split = train(dir.path()).unwrap();
    let error = split.load(&split.ids()[1]).unwrap_err().to_string();
    assert!(error.contains("the label map is 40x60") && error.contains("EXIF orientation is 6"), "{error}");
    // Where nothing is turned, nothing is said of it.
    write_label_png(&label(dir.path(), "synth_000004"), &GrayImage::new(40, 60)).unwrap();
    let error = split.load(&split.ids()[4]).unwrap_err().to_string();
    assert!(!error.contains("EXIF"), "{error}");
}

#[test]
fn a_png_states_its_orientation_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.png");
    let mut encoded = Vec::new();
    let mut info = png::Info::with_size(2, 1);
    info.color_type = png::ColorType::Rgb;
    info.bit_depth = png::BitDepth::Eight;
    info.exif_metadata =
        Some(b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0\0\0\0\0".to_vec().into());
    let mut writer = png::Encoder::with_info(&mut encoded, info).unwrap().write_header().unwrap();
    writer.write_image_data(&[1, 2, 3, 4, 5, 6]).unwrap();
    writer.finish().unwrap();
    fs::write(&path, &encoded).unwrap();
    assert_eq!(exif_orientation(&encoded), Some(8));
    assert_eq!(read_image(&path).unwrap(), RgbImage::from_raw(2, 1, vec![1, 2, 3, 4, 5, 6]).unwrap());
}
