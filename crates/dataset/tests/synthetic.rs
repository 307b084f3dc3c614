//! The synthetic set: its layout, its determinism and what its pictures hold.

mod common;

use common::{config, contents, small_set};
use scribe_dataset::{
    CLASS_NAMES, LabelFolder, Split, SynthConfig, SyntheticSplit, VOID, VocSplit, check_dataset,
    write_synthetic,
};
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn opens_as_voc_and_checks_clean() {
    let dir = small_set();
    for (name, count) in [("train", 6), ("val", 2), ("trainval", 8)] {
        let split = VocSplit::open(dir.path(), name, LabelFolder::Auto).unwrap();
        assert_eq!(split.ids().len(), count);
        let report = check_dataset(&split, &|_, _| {});
        assert!(report.is_clean(), "{:?}", report.problems);
    }
}

#[test]
fn same_seed_same_files_for_any_number_of_threads() {
    let write = |threads| {
        let dir = tempfile::tempdir().unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| write_synthetic(dir.path(), &config(), &|_, _| {})).unwrap();
        contents(dir.path())
    };
    assert!(write(1) == write(4));
}

#[test]
fn in_memory_set_has_the_labels_of_the_files() {
    let dir = small_set();
    let files = VocSplit::open(dir.path(), "val", LabelFolder::Auto).unwrap();
    let memory = SyntheticSplit::val(&config()).unwrap();
    assert_eq!(files.ids(), memory.ids());
    for id in files.ids() {
        let (file, made) = (files.load(id).unwrap(), memory.load(id).unwrap());
        assert_eq!(file.label, made.label);
        let apart =
            file.image.as_raw().iter().zip(made.image.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b)));
        let mean = apart.sum::<u64>() as f64 / made.image.as_raw().len() as f64;
        assert!(mean < 4.0, "JPEG of quality 95 moves a byte by {mean} on average");
    }
}

#[test]
fn every_class_occurs_and_objects_have_void_borders() {
    let config = SynthConfig { train: 30, classes: vec![1, 2, 3, 10, 20], ..config() };
    let dir = tempfile::tempdir().unwrap();
    write_synthetic(dir.path(), &config, &|_, _| {}).unwrap();
    let split = VocSplit::open(dir.path(), "train", LabelFolder::Auto).unwrap();
    let report = check_dataset(&split, &|_, _| {});
    assert!(report.is_clean());
    assert_eq!(report.images, 30);
    for class in 0..CLASS_NAMES.len() {
        let wanted = class == 0 || config.classes.contains(&(class as u8));
        assert_eq!(report.class_images[class] > 0, wanted, "class {class}");
    }
    let total = report.class_pixels.iter().sum::<u64>() + report.void_pixels;
    assert_eq!(total, 30 * 60 * 40);
    assert!(report.class_pixels[0] > total / 2, "background is the largest class");
    // No object touches background or another object without void between.
    for id in SyntheticSplit::train(&config).unwrap().ids() {
        let label = SyntheticSplit::train(&config).unwrap().load(id).unwrap().label;
        for (x, y, pixel) in label.enumerate_pixels() {
            let beside = if x + 1 < label.width() { label.get_pixel(x + 1, y)[0] } else { pixel[0] };
            assert!(pixel[0] == beside || pixel[0] == VOID || beside == VOID, "{id} at {x}, {y}");
        }
    }
}

#[test]
fn progress_counts_every_picture() {
    let dir = tempfile::tempdir().unwrap();
    let (calls, largest) = (AtomicUsize::new(0), AtomicUsize::new(0));
    write_synthetic(dir.path(), &config(), &|done, all| {
        assert_eq!(all, 8);
        calls.fetch_add(1, Ordering::Relaxed);
        largest.fetch_max(done, Ordering::Relaxed);
    })
    .unwrap();
    assert_eq!((calls.into_inner(), largest.into_inner()), (8, 8));
}

#[test]
fn refuses_bad_configurations_before_writing() {
    let dir = tempfile::tempdir().unwrap();
    for (bad, value) in [
        (SynthConfig { classes: vec![21], ..config() }, "[21]"),
        (SynthConfig { classes: vec![0], ..config() }, "[0]"),
        (SynthConfig { classes: vec![3, 3], ..config() }, "[3, 3]"),
        (SynthConfig { classes: vec![], ..config() }, "[]"),
        (SynthConfig { width: 31, ..config() }, "31x40"),
        (SynthConfig { val: 0, ..config() }, "6 + 0"),
    ] {
        let error = write_synthetic(dir.path(), &bad, &|_, _| {}).unwrap_err().to_string();
        assert!(error.contains(value), "{error}");
    }
    assert_eq!(contents(dir.path()), []);
}
