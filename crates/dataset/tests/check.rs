//! The data check lists every problem, not the first.

mod common;

use common::{label, picture, small_set};
use image::{GrayImage, Luma};
use scribe_dataset::{LabelFolder, VocSplit, check_dataset, write_label_png};
use std::fs;

#[test]
fn lists_each_problem_by_file_in_order() {
    let dir = small_set();
    fs::remove_file(picture(dir.path(), "synth_000001")).unwrap();
    write_label_png(&label(dir.path(), "synth_000002"), &GrayImage::from_pixel(60, 40, Luma([77]))).unwrap();
    write_label_png(&label(dir.path(), "synth_000004"), &GrayImage::new(60, 41)).unwrap();
    let bytes = fs::read(picture(dir.path(), "synth_000005")).unwrap();
    fs::write(picture(dir.path(), "synth_000005"), &bytes[..bytes.len() / 2]).unwrap();

    let split = VocSplit::open_unchecked(dir.path(), "train", LabelFolder::Auto).unwrap();
    let report = check_dataset(&split, &|_, _| {});
    assert!(!report.is_clean());
    assert_eq!(report.images, 6);
    let expected = [
        ("synth_000001", "synth_000001.jpg: no such file, but image synth_000001 is listed in"),
        ("synth_000002", "synth_000002.png: label 77 at x=0, y=0"),
        ("synth_000004", "synth_000004.png: the label map is 60x41"),
        ("synth_000005", "synth_000005.jpg: not a readable JPEG"),
    ];
    assert_eq!(report.problems.len(), expected.len());
    for (problem, (id, text)) in report.problems.iter().zip(expected) {
        assert_eq!(problem.id.as_str(), id);
        assert!(problem.message.contains(text), "{}", problem.message);
    }
    assert!(report.warnings().iter().any(|w| w.contains("never occur") && w.contains("sheep")));
    let counted = report.class_pixels.iter().sum::<u64>() + report.void_pixels;
    assert_eq!(counted, 2 * 60 * 40, "only the images without a problem are counted");
}

#[test]
fn a_similar_name_is_told_for_a_hundred_missing_files() {
    let dir = small_set();
    let ids: String = (900..1050).map(|n| format!("synth_000{n}\n")).collect();
    fs::write(dir.path().join("ImageSets/Segmentation/train.txt"), "synth_000000\n".to_owned() + &ids)
        .unwrap();
    let split = VocSplit::open_unchecked(dir.path(), "train", LabelFolder::Auto).unwrap();
    let report = check_dataset(&split, &|_, _| {});
    assert_eq!((report.images, report.problems.len()), (151, 150));
    let told = |message: &str| message.contains("a file of a similar name is synth_00000");
    let similar: Vec<bool> = report.problems.iter().map(|problem| told(&problem.message)).collect();
    // 900 to 905 differ in one letter from 000 to 005, which are there, and 1000 from 000; for the last fifty none is
    // looked for.
    assert!(similar[..6].iter().all(|told| *told) && similar[100..].iter().all(|told| !*told), "{similar:?}");
    assert!(report.problems[149].message.contains("image synth_0001049 is listed in"));
}

#[test]
fn masks_that_hardly_mean_what_they_say_are_warned_of() {
    let dir = small_set();
    let mask = |id: &str, value: fn(u32) -> u8| {
        let map = GrayImage::from_fn(60, 40, |x, _| Luma([value(x)]));
        write_label_png(&label(dir.path(), id), &map).unwrap();
    };
    mask("synth_000001", |x| if x < 30 { 0 } else { 255 });
    mask("synth_000002", |_| 255);
    mask("synth_000003", |_| 255);
    mask("synth_000004", |_| 0);
    let split = VocSplit::open(dir.path(), "train", LabelFolder::Auto).unwrap();
    let report = check_dataset(&split, &|_, _| {});
    assert!(report.is_clean());
    let names = |ids: &[scribe_dataset::ImageId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&report.only_0_and_255), ["synth_000001"]);
    assert_eq!(names(&report.only_void), ["synth_000002", "synth_000003"]);
    let warnings = report.warnings();
    assert!(warnings[0].starts_with("1 of 6 label maps hold only 0 and 255; 255 is void"), "{warnings:?}");
    assert!(warnings[1].starts_with("2 of 6 label maps are void (255) at every pixel"), "{warnings:?}");
    assert!(warnings[1].ends_with("(the first: synth_000002)"), "{warnings:?}");
}
