//! The data check lists every problem, not the first.

mod common;

use std::fs;

use common::{label, picture, small_set};
use image::GrayImage;
use scribe_dataset::{LabelFolder, VocSplit, check_dataset, write_label_png};

#[test]
fn lists_each_problem_by_file_in_order() {
    let dir = small_set();
    fs::remove_file(picture(dir.path(), "synth_000001")).unwrap();
    write_label_png(&label(dir.path(), "synth_000002"), &GrayImage::from_pixel(60, 40, image::Luma([77])))
        .unwrap();
    write_label_png(&label(dir.path(), "synth_000004"), &GrayImage::new(60, 41)).unwrap();
    let bytes = fs::read(picture(dir.path(), "synth_000005")).unwrap();
    fs::write(picture(dir.path(), "synth_000005"), &bytes[..bytes.len() / 2]).unwrap();

    let split = VocSplit::open_unchecked(dir.path(), "train", LabelFolder::Auto).unwrap();
    let report = check_dataset(&split, &|_, _| {});
    assert!(!report.is_clean());
    assert_eq!(report.images, 6);
    let expected = [
        ("synth_000001", "synth_000001.jpg: cannot be read"),
        ("synth_000002", "synth_000002.png: label 77 at x=0, y=0"),
        ("synth_000004", "synth_000004.png: the label map is 60x41"),
        ("synth_000005", "synth_000005.jpg: not a readable JPEG"),
    ];
    assert_eq!(report.problems.len(), expected.len());
    for (problem, (id, text)) in report.problems.iter().zip(expected) {
        assert_eq!(problem.id.as_str(), id);
        assert!(problem.message.contains(text), "{}", problem.message);
    }
    let counted = report.class_pixels.iter().sum::<u64>() + report.void_pixels;
    assert_eq!(counted, 2 * 60 * 40, "only the images without a problem are counted");
}
