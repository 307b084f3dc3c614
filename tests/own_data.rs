//! Data sets of other classes and layouts, drawn small, go through every command; each kind of bad input is one error.

mod common;
#[path = "own_data/miniature.rs"]
mod miniature;

use common::{complaint, run, succeed};
use miniature::{Miniature, RECIPE, SOFTMAX};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A folder with the miniature below `DATA` and its recipe as `my.toml`.
fn folder(miniature: &Miniature, models: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    miniature.draw(&dir.path().join("DATA"));
    fs::write(dir.path().join("my.toml"), format!("{}{RECIPE}{models}", miniature.data)).unwrap();
    dir
}

/// The columns `column` of a CSV file, by its head.
fn column(path: &Path, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let at = reader.headers().unwrap().iter().position(|head| head == name).unwrap();
    reader.records().map(|row| row.unwrap()[at].to_owned()).collect()
}

/// Check, train, corrupted set, evaluation in two shards, merge, report and export.
fn goes_through(miniature: &Miniature, classes: usize, names: &[&str]) {
    let dir = folder(miniature, SOFTMAX);
    let path = dir.path();
    let of_recipe = |command: &'static str| vec![command, "--recipe", "my.toml", "--data", "DATA"];
    let counted = succeed(path, &["data", "check", "DATA", "--recipe", "my.toml"]);
    assert!(counted.contains("4 pictures of 48x40"), "{counted}");
    succeed(path, &of_recipe("train"));
    for shard in ["1/2", "2/2"] {
        succeed(path, &[of_recipe("eval"), vec!["--shard", shard]].concat());
    }
    succeed(path, &["merge", "runs/my"]);
    succeed(path, &["report", "runs/my"]);
    succeed(path, &["export", "runs/my", "--format", "csv"]);
    let run = path.join("runs/my");
    let found = column(&run.join("classes.csv"), "class");
    assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), classes, "classes.csv has every class");
    assert!(names.iter().all(|name| found.iter().any(|found| found == name)), "{found:?}");
    let page = fs::read_to_string(run.join("report.html")).unwrap();
    for name in names {
        assert!(page.contains(name), "the page does not name {name}");
    }
    // The convention of the first mIoU has VOC's name, whatever the data are.
    let page = page.replace("mIoU (PASCAL VOC)", "");
    for of_voc in ["VOC", "aeroplane", "paper's number"] {
        assert!(!page.contains(of_voc), "the page speaks of {of_voc}");
    }
    let pixels = fs::read_to_string(run.join("label_pixels.json")).unwrap();
    let pixels: serde_json::Value = serde_json::from_str(&pixels).unwrap();
    assert_eq!(pixels["pixels"].as_array().unwrap().len(), classes);
    // The corrupted set has the folders of the ids.
    let arguments = ["corrupt-set", "--like", "my.toml", "--data", "DATA", "--out", "SET"];
    succeed(path, &arguments);
    assert!(path.join(format!("SET/contrast/3/{}.png", miniature.test_ids()[0])).is_file());
    succeed(path, &["corrupt-set", "--verify", "--out", "SET"]);
}

#[test]
fn cityscapes_in_miniature() {
    // Ids 7, 24 and 33 are road, person and bicycle; 4 is static, which is ignored (labels.py of cityscapesScripts).
    goes_through(&miniature::cityscapes(), 19, &["road", "person", "bicycle"]);
}

#[test]
fn ade20k_in_miniature() {
    // Values 1, 13 and 150 are wall, person and flag; 0 is unlabelled (objectInfo150.txt of the benchmark).
    goes_through(&miniature::ade20k(), 150, &["wall", "person", "flag"]);
}

#[test]
fn coco_stuff_in_miniature() {
    // Values 0, 91 and 181 are person, banner and wood: ids 1, 92 and 182 (labels.txt of COCO-Stuff), less 1.
    goes_through(&miniature::coco_stuff(), 171, &["person", "banner", "wood"]);
}

#[test]
fn label_maps_of_16_bits_and_of_colours_count_the_same() {
    let tables = [miniature::words(), miniature::colours()].map(|miniature| {
        let dir = folder(&miniature, SOFTMAX);
        let text = succeed(dir.path(), &["data", "check", "DATA", "--recipe", "my.toml", "--split", "val"]);
        text.lines().skip(1).filter(|line| line.contains("pixels")).map(str::to_owned).collect::<Vec<_>>()
    });
    assert_eq!(tables[0], tables[1]);
    // The miniatures have three stripes of 48 x 40 pixels, the fourth stripe is ignored, on four pictures.
    assert_eq!(
        tables[0].iter().filter(|line| line.ends_with(&format!("{} pixels", 12 * 40 * 4))).count(),
        4,
        "{tables:?}"
    );
}

#[test]
fn ibe_and_scribe_need_a_background_which_any_class_may_be() {
    let miniature = miniature::cityscapes();
    let dir = folder(&miniature, miniature::ALL_THREE);
    let arguments = ["train", "--recipe", "my.toml", "--data", "DATA"];
    let message = complaint(dir.path(), &arguments);
    assert!(message.contains("data.background = (not set)") && message.contains("model `ibe`"), "{message}");
    assert!(!dir.path().join("runs").exists(), "nothing was begun");
    let taught = [&arguments[..], &["--set", "models.0.objective.void=background"]].concat();
    assert!(complaint(dir.path(), &taught).contains("model `softmax`"));
    for background in ["road", "unlabelled"] {
        let set = format!("data.background={background}");
        let name = format!("of-{background}");
        let with = ["--set", &set, "--name", &name];
        succeed(dir.path(), &[&arguments[..], &with].concat());
        succeed(dir.path(), &[&["eval"], &arguments[1..], &with].concat());
        let run = format!("runs/{name}");
        succeed(dir.path(), &["report", &run]);
        let page = fs::read_to_string(dir.path().join(&run).join("report.html")).unwrap();
        assert!(page.contains("fg → bg"), "a set with a background has the split of errors");
    }
    let message = complaint(dir.path(), &[&arguments[..], &["--set", "data.background=roof"]].concat());
    assert!(message.contains("`roof` is none of the classes (expected one of road, sidewalk"), "{message}");
}

#[test]
fn predictions_of_other_classes_are_scored() {
    let miniature = miniature::cityscapes();
    let dir = folder(&miniature, SOFTMAX);
    let path = dir.path();
    succeed(path, &["corrupt-set", "--like", "my.toml", "--data", "DATA", "--out", "SET"]);
    let predict = |class: u8| {
        for picture in common::tree(&path.join("SET")).keys().filter(|name| name.ends_with(".png")) {
            let map = path.join("PRED").join(picture);
            fs::create_dir_all(map.parent().unwrap()).unwrap();
            fs::write(map, miniature::grey(&[class; 48 * 40], 48)).unwrap();
        }
    };
    let arguments =
        ["eval", "--recipe", "my.toml", "--data", "DATA", "--predictions", "PRED", "--as", "mine"];
    predict(19);
    let message = complaint(path, &arguments);
    assert!(message.contains("class 19 at x=0, y=0 (expected a class of 0 to 18"), "{message}");
    predict(0);
    succeed(path, &[&arguments[..], &["--corrupted", "SET"]].concat());
    succeed(path, &["report", "runs/my"]);
    // Everything is predicted as road, which one of the three labelled stripes is.
    let run = path.join("runs/my/classes.csv");
    let (names, ious) = (column(&run, "class"), column(&run, "iou"));
    let road: Vec<f64> = names
        .iter()
        .zip(&ious)
        .filter(|(name, _)| *name == "road")
        .map(|(_, iou)| iou.parse().unwrap())
        .collect();
    assert!(!road.is_empty() && road.iter().all(|iou| (iou - 100.0 / 3.0).abs() < 0.1), "{road:?}");
}

#[test]
fn init_describes_each_layout_and_what_it_writes_passes_the_check() {
    let expected = [
        (miniature::cityscapes(), "classes = \"cityscapes\""),
        (miniature::ade20k(), "classes = \"ade20k\""),
        (miniature::coco_stuff(), "classes = \"coco-stuff-171\""),
        (miniature::words(), "name = \"class 40000\", values = [40000]"),
        (miniature::colours(), "name = \"colour dc143c\", colours = [\"#dc143c\"]"),
    ];
    for (miniature, classes) in expected {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join(miniature.folder);
        miniature.draw(&data);
        let said = succeed(dir.path(), &["data", "init", miniature.folder, "--out", "found.toml"]);
        assert!(said.contains("scribe data check"), "{said}");
        let text = fs::read_to_string(dir.path().join("found.toml")).unwrap();
        assert!(text.contains(classes), "{text}");
        for line in
            miniature.data.lines().filter(|line| line.starts_with("pictures") || line.starts_with("labels"))
        {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        let checked = succeed(dir.path(), &["data", "check", miniature.folder, "--recipe", "found.toml"]);
        assert_eq!(checked.matches("4 pictures of 48x40").count(), 2, "{checked}");
        let again = complaint(dir.path(), &["data", "init", miniature.folder, "--out", "found.toml"]);
        assert!(again.contains("exists already"), "{again}");
    }
}

#[test]
fn init_knows_vocs_layout_and_black_and_white_masks() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path();
    succeed(path, &["data", "synth", "SET", "--train", "4", "--val", "2"]);
    fs::rename(path.join("SET/SegmentationClass"), path.join("SET/SegmentationClassAug")).unwrap();
    succeed(path, &["data", "init", "SET", "--out", "voc.toml"]);
    let text = fs::read_to_string(path.join("voc.toml")).unwrap();
    assert!(text.contains("train_set = \"voc\"") && text.contains("classes = \"voc\""), "{text}");
    succeed(path, &["data", "check", "SET", "--recipe", "voc.toml"]);
    // A mask of one object in white, as drawing programs write it.
    let miniature = miniature::cityscapes();
    miniature.draw(&path.join("DATA"));
    for map in common::tree(&path.join("DATA")).keys().filter(|name| name.starts_with("gtFine")) {
        let white = [[0; 24], [255; 24]].concat();
        fs::write(path.join("DATA").join(map), miniature::grey(&white.repeat(40), 48)).unwrap();
    }
    succeed(path, &["data", "init", "DATA", "--out", "object.toml"]);
    let text = fs::read_to_string(path.join("object.toml")).unwrap();
    assert!(
        text.contains("background = \"background\"")
            && text.contains("{ name = \"object\", values = [255] }"),
        "{text}"
    );
    let counted = succeed(path, &["data", "check", "DATA", "--recipe", "object.toml"]);
    // The miniature has the same pictures in both lists.
    let warned: Vec<&str> = counted.lines().filter(|line| line.contains("warning")).collect();
    assert!(matches!(warned[..], [one] if one.contains("All 4 test pictures are among")), "{counted}");
}

#[test]
fn init_says_what_it_cannot_use() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("DATA");
    fs::create_dir_all(&data).unwrap();
    assert!(complaint(dir.path(), &["data", "init", "DATA"]).contains("DATA: no picture"));
    assert!(complaint(dir.path(), &["data", "init", "NOWHERE"]).contains("NOWHERE"));
    miniature::cityscapes().draw(&data);
    fs::remove_dir_all(data.join("gtFine")).unwrap();
    let message = complaint(dir.path(), &["data", "init", "DATA"]);
    assert!(message.contains("no pictures with label maps whose names agree"), "{message}");
}

#[test]
fn bad_descriptions_are_one_error_each() {
    let miniature = miniature::cityscapes();
    let dir = folder(&miniature, SOFTMAX);
    let path = dir.path();
    let text = fs::read_to_string(path.join("my.toml")).unwrap();
    let labels = "labels   = \"gtFine/val/{id}_gtFine_labelIds.png\"";
    let cases = [
        (labels, "labels   = \"gtFine/val/labelIds.png\"", "it has no {id}"),
        ("leftImg8bit/val/", "leftImg8bit/vall/", "leftImg8bit/vall: no such folder"),
        ("_leftImg8bit.png", "_left.png", "no file below"),
        (labels, "labels   = \"gtFine/val/{id}_gtFine_labelId.png\"", "similar name is"),
        ("\"cityscapes\"", "\"cityscape\"", "no preset of classes is called `cityscape`"),
        ("\"cityscapes\"", "\"none.toml\"", "none.toml: cannot be read"),
        ("classes =", "train_set = \"voc\"\nclasses =", "data.train_set = Some(Voc)"),
        ("classes =", "labls = \"auto\"\nclasses =", "unknown field `labls`"),
        ("[data.val]", "[data.vall]", "unknown field `vall`"),
        (labels, "list = \"no.txt\"", "no.txt: cannot be read"),
    ];
    for (old, new, expected) in cases {
        fs::write(path.join("bad.toml"), text.replace(old, new).replace("name = \"my\"", "name = \"bad\""))
            .unwrap();
        let message = complaint(path, &["eval", "--recipe", "bad.toml", "--data", "DATA"]);
        assert!(message.contains(expected), "{new}: {message}");
    }
    let message = complaint(path, &["eval", "--recipe", "my.toml"]);
    assert!(message.contains("give --data, the folder below which the templates look"), "{message}");
    let drawn = complaint(path, &["train", "--set", "data.classes=camvid"]);
    assert!(drawn.contains("data.classes") || drawn.contains("data.background"), "{drawn}");
}

#[test]
fn a_value_without_a_class_is_named_by_the_check_and_by_training() {
    let miniature = miniature::cityscapes();
    let dir = folder(&miniature, SOFTMAX);
    let map = dir.path().join("DATA/gtFine/train/aachen/aachen_0_gtFine_labelIds.png");
    fs::write(&map, miniature::grey(&[7, 7, 77, 7], 2)).unwrap();
    let picture = dir.path().join("DATA/leftImg8bit/train/aachen/aachen_0_leftImg8bit.png");
    scribe_dataset::write_png(&picture, &scribe_dataset::image::RgbImage::new(2, 2)).unwrap();
    let expected = "aachen_0_gtFine_labelIds.png: label 77 at x=0, y=1 (expected 7, 8, 11..=13";
    let output = run(dir.path(), &["data", "check", "DATA", "--recipe", "my.toml"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        said.contains("value 77 means no class: in 1 picture, 1 pixel") && said.contains(expected),
        "{said}"
    );
    let message = complaint(dir.path(), &["train", "--recipe", "my.toml", "--data", "DATA"]);
    assert!(message.contains(expected) && message.contains("1 pixel has no class"), "{message}");
}

#[test]
fn a_run_keeps_the_content_of_a_classes_file() {
    let miniature = miniature::words();
    let dir = folder(&miniature, SOFTMAX);
    let path = dir.path();
    succeed(path, &["train", "--recipe", "my.toml", "--data", "DATA"]);
    let kept = fs::read_to_string(path.join("runs/my/recipe.toml")).unwrap();
    assert!(kept.contains("40000"), "{kept}");
    let digest = |recipe: &str| succeed(path, &["inspect", recipe]).lines().last().unwrap().to_owned();
    assert_eq!(digest("my.toml"), digest("runs/my/recipe.toml"));
    fs::remove_file(path.join("three.toml")).unwrap();
    succeed(path, &["eval", "--recipe", "runs/my/recipe.toml", "--data", "DATA"]);
}
