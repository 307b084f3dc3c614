//! Another program's predictions next to our networks': scored on the same pictures, and refused when they do not fit.

mod common;
#[path = "predictions/entered.rs"]
mod entered;
#[path = "predictions/refused.rs"]
mod refused;

use candle_core::{Device, Tensor};
use common::{complaint, succeed};
use image::{GrayImage, Luma};
use scribe_dataset::{ImageId, LabelFolder, Split, TestView, VocSplit, read_image, write_label_png};
use scribe_records::{
    Condition, Confusion, CrossMoments, Filter, Mode, ModelId, Probability, Series, SparseConfusion, Store,
};
use std::path::{Path, PathBuf};

const SETTINGS: [&str; 14] = [
    "--data",
    "set",
    "--set",
    "train.batch=2",
    "--set",
    "train.steps=1",
    "--set",
    "model.width=0.05",
    "--set",
    "eval.view=squash:40",
    "--set",
    "eval.corruptions=[\"contrast\", \"jpeg_compression\"]",
    "--set",
    "eval.severities=[5]",
];

/// A drawn set, its corrupted folder, and label maps that some other program made of it.
struct World {
    folder: tempfile::TempDir,
    ids: Vec<ImageId>,
}

impl World {
    fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let draw = ["data", "synth", "set", "--train", "4", "--val", "3", "--width", "48", "--height", "40"];
        succeed(folder.path(), &draw);
        let corrupt = ["corrupt-set", "--data", "set", "--out", "C", "--view", "squash:40"];
        let which = ["--corruptions", "contrast,jpeg_compression", "--severities", "5"];
        succeed(folder.path(), &[&corrupt[..], &which].concat());
        let split = VocSplit::open(&folder.path().join("set"), "val", LabelFolder::Auto).unwrap();
        let world = World { ids: split.ids().to_vec(), folder };
        for condition in conditions() {
            for id in &world.ids {
                let (map, path) = (world.theirs(&condition, id), world.file("P", &condition, id, "png"));
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                // Grey and palette files both hold class ids.
                if condition.is_clean() {
                    map.save(&path).unwrap()
                } else {
                    write_label_png(&path, &map).unwrap()
                }
            }
        }
        world
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn file(&self, root: &str, condition: &Condition, id: &ImageId, kind: &str) -> PathBuf {
        let folder = self.path().join(root).join(&condition.corruption).join(condition.severity.to_string());
        folder.join(format!("{id}.{kind}"))
    }

    /// The picture as a network sees it, from the files.
    fn picture(&self, condition: &Condition, id: &ImageId) -> image::RgbImage {
        if !condition.is_clean() {
            return read_image(&self.file("C", condition, id, "png")).unwrap();
        }
        TestView::Squash(40).apply(self.sample(id)).image
    }

    fn sample(&self, id: &ImageId) -> scribe_dataset::Sample {
        VocSplit::open(&self.path().join("set"), "val", LabelFolder::Auto).unwrap().load(id).unwrap()
    }

    /// The other program: class 15 where it is red, else background.
    fn theirs(&self, condition: &Condition, id: &ImageId) -> GrayImage {
        let picture = self.picture(condition, id);
        let class = |x, y| if picture.get_pixel(x, y)[0] > 110 { 15 } else { 0 };
        GrayImage::from_fn(40, 40, |x, y| Luma([class(x, y)]))
    }

    fn store(&self, run: &str) -> Store {
        Store::open(&self.path().join("runs").join(run).join(Store::FILE_NAME)).unwrap()
    }

    /// Scores of another program below `L`: `kept` for the first class at every pixel, `rest` for the others.
    fn write_scores(&self, kept: f32, rest: f32) {
        for condition in conditions() {
            for id in &self.ids {
                let value = |i: usize| if i / 100 == 0 { kept } else { rest };
                let scores: Vec<f32> = (0..21 * 100).map(value).collect();
                let path = self.file("L", &condition, id, "npy");
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                Tensor::from_vec(scores, (21, 10, 10), &Device::Cpu).unwrap().write_npy(path).unwrap();
            }
        }
    }
}

fn conditions() -> [Condition; 3] {
    let five = |name| Condition::new(name, 5).unwrap();
    [Condition::clean(), five("contrast"), five("jpeg_compression")]
}

fn eval<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["eval"], &SETTINGS[..], more].concat()
}

fn theirs(id: &str) -> Series {
    Series::new(ModelId::new(id).unwrap(), 0, Mode::single())
}

#[test]
fn label_maps_stand_beside_the_networks() {
    let world = World::new();
    let mine = ["--predictions", "P", "--as", "red", "--label", "Red is a person", "--corrupted", "C"];
    succeed(world.path(), &[&["train"], &SETTINGS[..]].concat());
    succeed(world.path(), &eval(&["--set", "eval.modes=[\"single\"]"]));
    let before = world.store("smoke").confusions(&Filter::all()).unwrap();
    succeed(world.path(), &eval(&mine));
    let store = world.store("smoke");
    let after = store.confusions(&Filter::all()).unwrap();
    assert_eq!((before.len(), after.len()), (3 * 3 * 3, 3 * 3 * 4));
    assert!(before.iter().all(|(key, cells)| after[key] == *cells), "nothing of before is touched");
    for condition in conditions() {
        let found = store.per_image(&theirs("red"), &condition).unwrap();
        for id in &world.ids {
            let label = TestView::Squash(40).apply(world.sample(id)).label;
            let mut expected = Confusion::new(21);
            expected.add(label.as_raw(), world.theirs(&condition, id).as_raw()).unwrap();
            assert_eq!(found[id.as_str()], SparseConfusion::try_from(&expected).unwrap(), "{id} {condition}");
        }
    }
    assert!(store.calibrations(&theirs("red"), &Condition::clean()).unwrap().is_empty(), "no probabilities");
    succeed(world.path(), &["report", "runs/smoke"]);
    for file in ["report.html", "table2.md"] {
        let text = std::fs::read_to_string(world.path().join("runs/smoke").join(file)).unwrap();
        assert!(text.contains("Red is a person") && text.contains("SCrIBE"), "{file}");
    }
    // Nothing is read twice, so the files are no longer needed.
    std::fs::remove_dir_all(world.path().join("P/contrast")).unwrap();
    let message = complaint(world.path(), &eval(&["--predictions", "P", "--as", "other"]));
    assert!(
        message.contains("3 of 9 predictions are missing") && message.contains("P/contrast/5/"),
        "{message}"
    );
}

#[test]
fn logits_bring_calibration_and_moments() {
    let world = World::new();
    for condition in conditions() {
        for (n, id) in world.ids.iter().enumerate() {
            // A quarter of the size; the other program is surer of the second class with every picture.
            let value =
                |i: usize| ((i * 7 + n) % 13) as f32 * 0.25 + if i / 100 == 1 { n as f32 } else { 0.0 };
            let values: Vec<f32> = (0..21 * 100).map(value).collect();
            let logits = Tensor::from_vec(values, (21, 10, 10), &Device::Cpu).unwrap();
            let path = world.file("L", &condition, id, "npy");
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            logits.write_npy(path).unwrap();
        }
    }
    succeed(world.path(), &eval(&["--predictions", "L", "--as", "theirs", "--name", "alone"]));
    let store = world.store("alone");
    let series = theirs("theirs");
    for condition in conditions() {
        let calibrations = store.calibrations(&series, &condition).unwrap();
        assert_eq!(calibrations.keys().collect::<Vec<_>>(), [&Probability::Softmax]);
        assert_eq!(store.moments(&series, &condition).unwrap().unwrap().total(), 3 * 40 * 40);
        assert!(store.non_distinctiveness(&series, &condition).unwrap().unwrap().joint().unwrap() > 0.0);
    }
    // Their logits are the same under every condition, so clean and corrupted go together wholly.
    let cross: CrossMoments = store.cross_moments(&series, &conditions()[1]).unwrap().unwrap();
    let found = cross.covariances().unwrap();
    assert_eq!(found.clean, found.corrupted);
    succeed(world.path(), &["report", "runs/alone"]);
}

/// Averaged probabilities are scored as they are: ten equal pictures' confidence of 0.8 is 0.8, and not that of a softmax over them.
#[test]
fn a_mode_says_what_its_scores_are() {
    let world = World::new();
    world.write_scores(0.8, 0.01);
    let enter = |id: &'static str, mode: &'static str| {
        eval(&["--predictions", "L", "--as", id, "--mode", mode, "--name", "modes"])
    };
    succeed(world.path(), &enter("averaged", "msc"));
    let series = |id: &str, mode: &str| Series::new(ModelId::new(id).unwrap(), 0, Mode::new(mode).unwrap());
    let store = world.store("modes");
    let found = store.calibrations(&series("averaged", "msc"), &Condition::clean()).unwrap();
    let bins = found[&Probability::Softmax].bins();
    let pixels: u32 = bins.iter().map(|b| b.count as u32).sum();
    let confidence: f64 = bins.iter().map(|b| b.confidence).sum::<f64>() / f64::from(pixels);
    assert!(pixels > 0 && (confidence - 0.8).abs() < 1e-6, "{confidence}");
    drop(store);
    let single = complaint(world.path(), &enter("logits", "single"));
    assert!(single.contains("these are probabilities") && single.contains("numpy.log"), "{single}");
    world.write_scores(4.0, -1.0);
    let averaged = complaint(world.path(), &enter("other", "msc"));
    assert!(
        averaged.contains("expected probabilities in [0, 1]") && averaged.contains("msc-logit"),
        "{averaged}"
    );
    succeed(world.path(), &enter("logits", "msc-logit"));
    succeed(world.path(), &["report", "runs/modes"]);
    let table = std::fs::read_to_string(world.path().join("runs/modes/table2.csv")).unwrap();
    assert!(table.starts_with("model,id,val,val_msc,val_msc-logit,"), "{table}");
    assert!(table.lines().any(|l| l.starts_with("logits,logits,,,") && !l.ends_with(',')), "{table}");
    // What was refused has no row.
    assert!(!table.contains("other"), "{table}");
}

#[test]
fn a_label_belongs_to_one_model_of_a_run() {
    let world = World::new();
    let enter = |id: &'static str, label: &'static str| {
        eval(&["--predictions", "P", "--as", id, "--label", label, "--name", "labels"])
    };
    succeed(world.path(), &enter("one", "Net"));
    let taken = complaint(world.path(), &enter("two", "Net"));
    assert!(taken.contains("model `one` is called `Net` (expected another label for `two`"), "{taken}");
    // The recipe's own models may still be evaluated into this run.
    let recipes = complaint(world.path(), &enter("two", "SCrIBE"));
    assert!(recipes.contains("the recipe's model `scribe` is called so"), "{recipes}");
    succeed(world.path(), &enter("one", "Net"));
    succeed(world.path(), &enter("two", "Net 2"));
}
