//! Bad input gives one clear error that names the file and the value, an exit code that is not 0, and no half-written file.

mod common;

use common::{complaint, succeed};
use image::{GrayImage, Luma, RgbImage};
use std::path::{Path, PathBuf};

/// A small drawn set to spoil.
fn drawn(folder: &Path) -> PathBuf {
    let arguments = ["data", "synth", "set", "--train", "4", "--val", "2", "--width", "48", "--height", "40"];
    succeed(folder, &arguments);
    folder.join("set")
}

/// A first validation id of a set.
fn first(set: &Path) -> String {
    let list = std::fs::read_to_string(set.join("ImageSets/Segmentation/val.txt")).unwrap();
    list.lines().next().unwrap().to_string()
}

/// The error of `reproduce` on a spoilt set; the training is so short that the evaluation is reached.
fn reproduce(folder: &Path, more: &[&str]) -> String {
    let mut arguments =
        vec!["reproduce", "--data", "set", "--set", "train.batch=2", "--set", "train.steps=1"];
    arguments.extend(["--set", "model.width=0.05"]);
    arguments.extend(["--set", "eval.modes=[\"single\"]", "--set", "eval.corruptions=[\"contrast\"]"]);
    arguments.extend(more);
    complaint(folder, &arguments)
}

#[test]
fn corrupt_refuses_what_it_cannot_do() {
    let folder = tempfile::tempdir().unwrap();
    let small = RgbImage::from_pixel(31, 40, image::Rgb([9, 9, 9]));
    small.save(folder.path().join("small.png")).unwrap();
    RgbImage::from_pixel(40, 40, image::Rgb([9, 9, 9])).save(folder.path().join("good.png")).unwrap();
    let corrupt = |input: &str, output: &str, severity: &str, name: &str| {
        let arguments = ["corrupt", input, output, "--corruption", name, "--severity", severity];
        let message = complaint(folder.path(), &arguments);
        assert!(!folder.path().join(output).exists(), "{output} was written");
        message
    };
    assert!(corrupt("good.png", "out.png", "0", "fog").contains('0'));
    assert!(corrupt("good.png", "out.png", "6", "fog").contains('6'));
    let unknown = corrupt("good.png", "out.png", "3", "smog");
    assert!(unknown.contains("smog") && unknown.contains("gaussian_noise"), "{unknown}");
    let tiny = corrupt("small.png", "out.png", "3", "fog");
    assert!(tiny.contains("small.png") && tiny.contains("31") && tiny.contains("32"), "{tiny}");
    assert!(corrupt("none.png", "out.png", "3", "fog").contains("none.png"));
    assert!(corrupt("good.png", "out.jpg", "3", "fog").contains("out.jpg"));
}

#[test]
fn a_missing_folder_and_a_missing_file_are_named() {
    let folder = tempfile::tempdir().unwrap();
    assert!(reproduce(folder.path(), &[]).contains("set"));
    let set = drawn(folder.path());
    let id = first(&set);
    std::fs::remove_file(set.join(format!("JPEGImages/{id}.jpg"))).unwrap();
    let message = reproduce(folder.path(), &[]);
    assert!(message.contains(&id) && message.contains("JPEGImages"), "{message}");
    assert!(!folder.path().join("runs").exists(), "nothing is written before the data was looked at");
}

#[test]
fn a_mask_of_another_size_and_a_label_above_20_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let set = drawn(folder.path());
    let id = first(&set);
    let mask = set.join(format!("SegmentationClass/{id}.png"));
    GrayImage::new(47, 40).save(&mask).unwrap();
    let message = reproduce(folder.path(), &[]);
    assert!(message.contains(&id) && message.contains("47x40") && message.contains("48x40"), "{message}");
    GrayImage::from_pixel(48, 40, Luma([21])).save(&mask).unwrap();
    let message = reproduce(folder.path(), &[]);
    assert!(message.contains(&id) && message.contains("21"), "{message}");
}

#[test]
fn a_truncated_jpeg_is_an_error_and_not_grey() {
    let folder = tempfile::tempdir().unwrap();
    let set = drawn(folder.path());
    let id = first(&set);
    let path = set.join(format!("JPEGImages/{id}.jpg"));
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let message = reproduce(folder.path(), &[]);
    assert!(message.contains(&format!("{id}.jpg")), "{message}");
}

#[test]
fn a_backbone_of_another_shape_is_named() {
    let folder = tempfile::tempdir().unwrap();
    drawn(folder.path());
    // A first run leaves a network of another width, which then serves as a wrong backbone.
    let short = ["train", "--data", "set", "--set", "train.batch=2", "--set", "train.steps=1"];
    succeed(folder.path(), &[&short[..], &["--set", "model.width=0.1"]].concat());
    let wrong = "runs/smoke/train/ibe-seed1/model.safetensors";
    let message =
        reproduce(folder.path(), &["--name", "b", "--set", "train.pretrained=true", "--backbone", wrong]);
    assert!(message.contains("model.safetensors") && message.contains("has shape"), "{message}");
    let message = reproduce(folder.path(), &["--name", "b", "--set", "train.pretrained=true"]);
    assert!(message.contains("--backbone"), "{message}");
    let message = reproduce(folder.path(), &["--set", "train.lr_head=0.5"]);
    assert!(message.contains("another recipe"), "{message}");
}

#[test]
fn an_unknown_recipe_key_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let message = complaint(folder.path(), &["inspect", "smoke", "--set", "eval.limitt=3"]);
    assert!(message.contains("limitt") && message.contains("limit"), "{message}");
}

#[test]
fn a_file_in_the_place_of_a_folder_is_named_with_its_argument() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("afile"), "x").unwrap();
    let message = complaint(folder.path(), &["train", "--runs", "afile"]);
    assert!(message.contains("--runs afile: not a folder"), "{message}");
}
