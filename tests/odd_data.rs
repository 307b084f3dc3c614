//! Data sets that can be read, but are probably not what their owner meant.

mod common;

use common::{complaint, run, succeed};
use image::{GrayImage, Luma, RgbImage};
use std::path::{Path, PathBuf};

/// A set of 4 and 2 pictures of 48x40 with masks that `value` fills.
fn set(folder: &Path, value: impl Fn(u32, u32) -> u8) -> PathBuf {
    let root = folder.join("set");
    for part in ["JPEGImages", "SegmentationClass", "ImageSets/Segmentation"] {
        std::fs::create_dir_all(root.join(part)).unwrap();
    }
    for id in 0..6 {
        let picture = RgbImage::from_fn(48, 40, |x, y| image::Rgb([x as u8 * 5, y as u8 * 6, id * 40]));
        picture.save(root.join(format!("JPEGImages/p{id}.jpg"))).unwrap();
        let mask = GrayImage::from_fn(48, 40, |x, y| Luma([value(x, y)]));
        mask.save(root.join(format!("SegmentationClass/p{id}.png"))).unwrap();
    }
    std::fs::write(root.join("ImageSets/Segmentation/train.txt"), "p0\np1\np2\np3\n").unwrap();
    std::fs::write(root.join("ImageSets/Segmentation/val.txt"), "p4\np5\n").unwrap();
    root
}

/// The arguments of a training that is as short as one can be.
fn training(more: &[&'static str]) -> Vec<&'static str> {
    let mut arguments = vec!["train", "--recipe", "authors-code", "--data", "set"];
    for set in ["train.pretrained=false", "model.width=0.0625", "train.batch=2", "train.steps=1"] {
        arguments.extend(["--set", set]);
    }
    for set in
        ["train.crop=32", "train.short_side=[32,40]", "eval.view=squash:32", "eval.suite=imagecorruptions"]
    {
        arguments.extend(["--set", set]);
    }
    arguments.extend(more);
    arguments
}

#[test]
fn a_check_shows_each_splits_classes_and_warns() {
    let folder = tempfile::tempdir().unwrap();
    set(folder.path(), |x, _| if x < 20 { 255 } else { 0 });
    let shown = succeed(folder.path(), &["data", "check", "set"]);
    assert!(shown.contains("train.txt: 4 pictures") && shown.contains("val.txt: 2 pictures"), "{shown}");
    assert!(shown.contains("background     in      4 pictures,         4480 pixels"), "{shown}");
    assert!(shown.contains("warning: 4 of 4 label maps hold only 0 and 255"), "{shown}");
    assert!(shown.contains("warning: 2 of 2 label maps hold only 0 and 255"), "{shown}");
    assert!(shown.contains("warning: 20 of 21 classes never occur: aeroplane, bicycle"), "{shown}");
    let one = succeed(folder.path(), &["data", "check", "set", "--split", "val"]);
    assert!(!one.contains("train.txt"), "{one}");
}

#[test]
fn labels_without_a_class_are_refused_before_the_first_step() {
    let folder = tempfile::tempdir().unwrap();
    set(folder.path(), |_, _| 255);
    let message = complaint(folder.path(), &training(&["--set", "data.train_set=voc"]));
    assert!(message.contains("all 4 pictures are void at every pixel"), "{message}");
    assert!(!folder.path().join("runs/authors-code/train").exists(), "nothing was trained");
    // A second call must not find counts that the first one kept.
    assert!(
        complaint(folder.path(), &training(&["--set", "data.train_set=voc"])).contains("void at every pixel")
    );
}

#[test]
fn void_labels_among_others_are_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let root = set(folder.path(), |x, _| (x / 10) as u8);
    GrayImage::from_pixel(48, 40, Luma([255])).save(root.join("SegmentationClass/p2.png")).unwrap();
    let output = run(folder.path(), &training(&["--set", "data.train_set=voc"]));
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{messages}");
    assert!(messages.contains("1 of 4 training labels are void at every pixel"), "{messages}");
}

#[test]
fn a_training_list_is_named_as_a_recipe_spells_it() {
    let folder = tempfile::tempdir().unwrap();
    set(folder.path(), |_, _| 1);
    let message = complaint(folder.path(), &training(&[]));
    assert!(message.contains("data.train_set = voc_sbd_noval"), "{message}");
    assert!(message.contains("Semantic Boundaries Dataset") && message.contains("--sbd"), "{message}");
}

#[test]
fn the_limit_of_pixels_is_named_and_can_be_raised() {
    let folder = tempfile::tempdir().unwrap();
    set(folder.path(), |x, _| (x / 10) as u8);
    let area = (48 * 40).to_string();
    let below = (48 * 40 - 1).to_string();
    let check = |most: &str| run(folder.path(), &["data", "check", "set", "--max-pixels", most]);
    assert!(check(&area).status.success());
    let refused = check(&below);
    let shown = String::from_utf8_lossy(&refused.stdout);
    assert!(!refused.status.success());
    assert!(shown.contains("p0.jpg: its size is 48x40, 1920 pixels (expected at most 1919"), "{shown}");
    let message = complaint(
        folder.path(),
        &training(&["--set", "data.train_set=voc", "--set", "data.max_pixels=1919"]),
    );
    assert!(message.contains("--set data.max_pixels=1920"), "{message}");
    let corrupt = |most: &str| {
        let picture =
            ["corrupt", "set/JPEGImages/p0.jpg", "out.png", "--corruption", "fog", "--severity", "1"];
        run(folder.path(), &[picture.as_slice(), &["--max-pixels", most]].concat())
    };
    assert!(!corrupt(&below).status.success());
    assert!(corrupt(&area).status.success());
}

#[test]
fn test_pictures_that_are_trained_on_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let root = set(folder.path(), |x, _| (x / 10) as u8);
    let apart = succeed(folder.path(), &["data", "check", "set"]);
    assert!(!apart.contains("among the training pictures"), "{apart}");
    std::fs::write(root.join("ImageSets/Segmentation/val.txt"), "p4\np0\np5\n").unwrap();
    let both = succeed(folder.path(), &["data", "check", "set"]);
    let expected = "warning: lists train and val: 1 of 3 test pictures is among the training pictures too";
    assert!(both.contains(expected) && both.contains("(the first: p0)"), "{both}");
    let trained = run(folder.path(), &training(&["--set", "data.train_set=voc"]));
    let messages = String::from_utf8_lossy(&trained.stderr);
    assert!(trained.status.success() && messages.contains("1 of 3 test pictures is among"), "{messages}");
    let mut evaluation = training(&["--set", "data.train_set=voc", "--set", "eval.modes=[\"single\"]"]);
    evaluation[0] = "eval";
    evaluation.extend(["--set", "eval.corruptions=[\"fog\"]", "--set", "eval.severities=[1]"]);
    succeed(folder.path(), &evaluation);
    succeed(folder.path(), &["report", "runs/authors-code"]);
    let page = std::fs::read_to_string(folder.path().join("runs/authors-code/report.html")).unwrap();
    assert!(page.contains("1 of 3 test pictures is among the training pictures too"), "in the report");
}

#[test]
fn init_takes_mixed_extensions_and_any_folder_name() {
    for (folder, recipe) in
        [("\u{65e5}\u{672c}", "mine.toml"), ("sp ace \u{fc}", "sp-ace.toml"), ("-opt", "opt.toml")]
    {
        let dir = tempfile::tempdir().unwrap();
        let root = format!("./{folder}");
        for part in ["images", "masks"] {
            std::fs::create_dir_all(dir.path().join(&root).join(part)).unwrap();
        }
        for (id, extension) in [(0, "jpg"), (1, "png"), (2, "jpg"), (3, "png")] {
            let noise = |x: u32, y: u32| image::Rgb([(x * 37 + y * 91) as u8, (x * y) as u8, id * 40]);
            let path = |part: &str, extension: &str| {
                dir.path().join(&root).join(format!("{part}/p{id}.{extension}"))
            };
            RgbImage::from_fn(48, 40, noise).save(path("images", extension)).unwrap();
            let mask = GrayImage::from_fn(48, 40, |x, _| Luma([(x / 16) as u8]));
            mask.save(path("masks", "png")).unwrap();
        }
        let said = succeed(dir.path(), &["data", "init", &root]);
        assert!(said.contains(&format!("--recipe {recipe}")), "{said}");
        assert_eq!(said.contains(&format!("data check '{root}'")), folder.contains(' '), "{said}");
        let text = std::fs::read_to_string(dir.path().join(recipe)).unwrap();
        assert!(text.contains("[data.val] # 4 pictures\npictures = \"images/{id}.*\""), "{text}");
        assert!(!text.contains("# or:"), "{text}");
        succeed(dir.path(), &["data", "check", &root, "--recipe", recipe]);
    }
}

#[test]
fn init_takes_no_corrupted_pictures_for_those_to_train_on() {
    let folder = tempfile::tempdir().unwrap();
    for (part, shade) in [("pictures", 0), ("fog", 100)] {
        let part = folder.path().join("own").join(part);
        std::fs::create_dir_all(&part).unwrap();
        for id in 0..4 {
            let picture = RgbImage::from_fn(48, 40, |x, y| image::Rgb([x as u8 + shade, y as u8, id * 40]));
            picture.save(part.join(format!("p{id}.png"))).unwrap();
        }
    }
    std::fs::create_dir_all(folder.path().join("own/masks")).unwrap();
    for id in 0..4 {
        let mask = GrayImage::from_fn(48, 40, |x, _| Luma([x as u8 / 24]));
        mask.save(folder.path().join(format!("own/masks/p{id}.png"))).unwrap();
    }
    let said = succeed(folder.path(), &["data", "init", "own", "--out", "own.toml"]);
    assert!(said.contains("left out: fog/{id}.png: its folder has the name of a corruption"), "{said}");
    let recipe = std::fs::read_to_string(folder.path().join("own.toml")).unwrap();
    assert!(recipe.contains("pictures/{id}.png") && !recipe.contains("fog/{id}"), "{recipe}");
    // Where there are no others, they are the pictures.
    std::fs::remove_dir_all(folder.path().join("own/pictures")).unwrap();
    succeed(folder.path(), &["data", "init", "own", "--out", "fog.toml"]);
    assert!(std::fs::read_to_string(folder.path().join("fog.toml")).unwrap().contains("fog/{id}.png"));
}

#[test]
fn a_picture_of_no_pixels_is_no_limit() {
    let folder = tempfile::tempdir().unwrap();
    for command in [
        vec!["data", "check", "set"],
        vec!["corrupt", "a.png", "b.png", "--corruption", "fog", "--severity", "1"],
        vec!["corrupt-set", "--data", "set", "--out", "c"],
    ] {
        let output = run(folder.path(), &[&command[..], &["--max-pixels", "0"]].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2), "{said}");
        assert!(said.contains("--max-pixels") && said.contains("a whole number from 1 to"), "{said}");
    }
}
