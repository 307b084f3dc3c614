//! Networks and predictions of other classes than those that are scored, and test pictures that no corruption made.

mod common;

use common::{complaint, run, succeed};
use scribe_dataset::image::{self, GrayImage, Luma};
use scribe_dataset::{Classes, ImageId, LabelFolder, Split, VOID, VocSplit};
use scribe_records::{Condition, Filter, Store};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder with a small drawn set `set` and its recipe `my.toml`: the smoke recipe with one model, one corruption and
/// networks that learn nothing.
fn world() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let draw = ["data", "synth", "set", "--train", "4", "--val", "4", "--width", "48", "--height", "40"];
    succeed(folder.path(), &draw);
    fs::write(folder.path().join("my.toml"), recipe("", "")).unwrap();
    folder
}

/// The recipe, with more lines of `[data]` and at its end.
fn recipe(data: &str, end: &str) -> String {
    let smoke = include_str!("../recipes/smoke.toml");
    let others = smoke.find("[[models]]\nid = \"ibe\"").unwrap()..smoke.find("[train]").unwrap();
    let one_model = smoke.replace(&smoke[others], "");
    let lines = [
        ("name = \"smoke\"", "name = \"my\"".to_owned()),
        ("labels = \"class\"", format!("labels = \"class\"\n{data}")),
        ("width = 0.125", "width = 0.05".to_owned()),
        ("batch = 16", "batch = 2".to_owned()),
        ("steps = 0", "steps = 1".to_owned()),
        ("view = \"squash:64\"", "view = \"native\"".to_owned()),
        (
            "corruptions = [\"all\", \"elastic_transform_moved_label\"]",
            "corruptions = [\"fog\", \"contrast\"]".to_owned(),
        ),
        ("severities = [1, 2, 3, 4, 5]", "severities = [1, 5]".to_owned()),
        ("modes = [\"single\", \"msc\"]", "modes = [\"single\"]".to_owned()),
    ];
    let changed = lines.iter().fold(one_model, |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replacen(old, new, 1)
    });
    // END needs a background, which not every map leaves.
    changed.replace(", \"non_distinctiveness\"", "") + end
}

fn ids(folder: &Path) -> Vec<ImageId> {
    VocSplit::open(&folder.join("set"), "val", LabelFolder::Auto).unwrap().ids().to_vec()
}

fn store(folder: &Path, run: &str) -> Store {
    Store::open(&folder.join("runs").join(run).join(Store::FILE_NAME)).unwrap()
}

const EVAL: [&str; 5] = ["eval", "--recipe", "my.toml", "--data", "set"];

/// Writes one prediction of every picture under every condition, all alike.
fn write_predictions(folder: &Path, prediction: &GrayImage) {
    let ids = ids(folder);
    let conditions = ["clean/0", "fog/1", "fog/5", "contrast/1", "contrast/5"];
    for (condition, id) in conditions.iter().flat_map(|c| ids.iter().map(move |id| (c, id))) {
        let path = folder.join(format!("P/{condition}/{id}.png"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        prediction.save(path).unwrap();
    }
}

/// Pixels of these rows that are not void.
fn labelled(label: &GrayImage, rows: std::ops::Range<u32>) -> u32 {
    let pixels = rows.flat_map(|y| (0..label.width()).map(move |x| (x, y)));
    pixels.filter(|&(x, y)| label.get_pixel(x, y)[0] != VOID).count() as u32
}

/// Maps under which predictions that were entered cannot be entered again, with what is said.
const REFUSED_MAPS: [(&str, &str); 4] = [
    // Under another map it would be another model.
    ("person -> person, * -> background", "mapped by another --map"),
    ("person -> persn, * -> background", "person -> persn leads nowhere"),
    ("person -> person, sky -> ignore", "no rule for road, sidewalk"),
    ("perso -> person, * -> background", "a rule for perso, which is no class"),
];

#[test]
fn predictions_of_other_classes_are_mapped_and_what_is_ignored_is_counted() {
    let folder = world();
    let city = Classes::preset("cityscapes").unwrap();
    let [sky, person] = ["sky", "person"].map(|name| city.index_of(name).unwrap() as u8);
    let split = VocSplit::open(&folder.path().join("set"), "val", LabelFolder::Auto).unwrap();
    // Sky above a person.
    write_predictions(
        folder.path(),
        &GrayImage::from_fn(48, 40, |_, y| Luma([if y < 20 { sky } else { person }])),
    );
    fs::write(
        folder.path().join("city.map"),
        "person -> person # the same\nsky -> ignore\n* -> background\n",
    )
    .unwrap();
    let enter =
        [&EVAL[..], &["--predictions", "P", "--as", "city", "--classes", "cityscapes", "--map"]].concat();
    succeed(folder.path(), &[&enter[..], &["city.map"]].concat());
    let store_of = || store(folder.path(), "my");
    let found = store_of().confusions(&Filter::all()).unwrap();
    assert_eq!(found.len(), 4 * 5);
    for (key, confusion) in &found {
        let label = split.load_label(&ImageId::new(key.image_id.clone()).unwrap()).unwrap();
        assert_eq!(confusion.unmapped().iter().map(|(_, n)| n).sum::<u32>(), labelled(&label, 0..20));
        assert_eq!(confusion.cells().iter().map(|(_, _, n)| n).sum::<u32>(), labelled(&label, 20..40));
        // Whatever is scored was taken for a person, VOC's class 15.
        assert!(confusion.cells().iter().all(|(_, pred, _)| *pred == 15));
    }
    succeed(folder.path(), &["report", "runs/my"]);
    let text = |name: &str| fs::read_to_string(folder.path().join("runs/my").join(name)).unwrap();
    assert!(text("report.html").contains("Pixels that are not scored"));
    let rows = text("unmapped.csv");
    assert!(rows.starts_with("model,id,seed,mode,corruption,severity,class,unmapped,labelled\n"), "{rows}");
    assert!(rows.lines().count() > 5, "{rows}");
    for (map, says) in REFUSED_MAPS {
        let message = complaint(folder.path(), &[&enter[..], &[map]].concat());
        assert!(message.contains(says), "{message}");
    }
}

/// The only trained network below a folder.
fn network(trained: &Path) -> PathBuf {
    let checkpoint = fs::read_dir(trained).unwrap().next().unwrap().unwrap().path();
    let files: Vec<_> = common::tree(&checkpoint).into_keys().collect();
    let last =
        files.iter().find(|name| name.ends_with("model.safetensors")).unwrap_or_else(|| panic!("{files:?}"));
    checkpoint.join(last)
}

/// The mapped network's results are those of the same network among 21 classes, with 20 of them taken for one.
fn assert_joined(two: &Store, all: &Store) {
    let of = |store: &Store, model: &str| {
        let all = store.confusions(&Filter::all()).unwrap().into_iter();
        all.filter(|(key, _)| key.model.as_str() == model).collect::<Vec<_>>()
    };
    let (mapped, whole) = (of(two, "all"), of(all, "softmax"));
    assert_eq!((mapped.len(), whole.len()), (4 * 5, 4 * 5));
    for ((key, mapped), (other, whole)) in mapped.iter().zip(&whole) {
        assert_eq!((&key.image_id, &key.condition), (&other.image_id, &other.condition));
        let mut joined = [0u32; 4];
        for &(truth, pred, n) in whole.cells() {
            joined[2 * usize::from(truth == 15) + usize::from(pred == 15)] += n;
        }
        let mut found = [0u32; 4];
        mapped.cells().iter().for_each(|&(truth, pred, n)| found[usize::from(2 * truth + pred)] = n);
        assert_eq!(found, joined, "{key}");
    }
}

#[test]
fn a_set_is_scored_as_person_or_not_and_a_network_of_all_its_classes_beside_it() {
    let folder = world();
    let train = ["train", "--recipe", "my.toml", "--data", "set"];
    succeed(folder.path(), &[&train[..], &["--name", "all"]].concat());
    succeed(folder.path(), &[&EVAL[..], &["--name", "all"]].concat());
    // The network of 21 classes takes part under the same map; the run's own network learns two classes.
    fs::write(folder.path().join("person.map"), "person -> person, rider -> person, * -> other").unwrap();
    let model = "\n[[models]]\nid = \"all\"\nlabel = \"All classes\"\nmap = \"person.map\"\nclasses = \"voc\"\n\
                 objective = { kind = \"softmax\", void = \"ignore\" }\n";
    let wrong = recipe("map = \"person.map\"", model);
    fs::write(folder.path().join("my.toml"), &wrong).unwrap();
    let message = complaint(folder.path(), &EVAL);
    assert!(message.contains("a rule for rider, which is no class"), "{message}");
    fs::write(folder.path().join("person.map"), "person -> person, * -> other").unwrap();
    succeed(folder.path(), &train);
    succeed(folder.path(), &EVAL);
    let weights = format!("all={}", network(&folder.path().join("runs/all/train")).display());
    succeed(folder.path(), &[&EVAL[..], &["--weights", &weights]].concat());
    let two = store(folder.path(), "my");
    // What VOC's background becomes is the background, and comes first.
    assert_eq!(two.manifest().class_names, ["other", "person"]);
    assert_eq!(two.manifest().models.len(), 2);
    assert_joined(&two, &store(folder.path(), "all"));
    let report = succeed(folder.path(), &["report", "runs/my"]);
    assert!(report.contains("All classes"), "{report}");
    // Another map, another model.
    fs::write(
        folder.path().join("my.toml"),
        wrong.replace("map = \"person.map\"\nclasses", "map = \"person -> other, * -> other\"\nclasses"),
    )
    .unwrap();
    let message = complaint(folder.path(), &[&EVAL[..], &["--weights", &weights]].concat());
    assert!(message.contains("checkpoint_sha256.all.seed-1"), "{message}");
}

const REAL_FOG: &str =
    "\n[[eval.conditions]]\nname = \"fog\"\nseverity = 2\npictures = \"real/{id}_fog.png\"\n";

/// The small world with pictures of real fog, evaluated.
fn evaluated_with_real_fog() -> tempfile::TempDir {
    let folder = world();
    fs::create_dir(folder.path().join("set/real")).unwrap();
    for (k, id) in ids(folder.path()).iter().enumerate() {
        let clean = image::open(folder.path().join(format!("set/JPEGImages/{id}.jpg"))).unwrap();
        clean.brighten(30 * k as i32).save(real_fog(folder.path(), id)).unwrap();
    }
    fs::write(folder.path().join("my.toml"), recipe("", REAL_FOG)).unwrap();
    succeed(folder.path(), &["train", "--recipe", "my.toml", "--data", "set"]);
    succeed(folder.path(), &EVAL);
    folder
}

fn real_fog(folder: &Path, id: &ImageId) -> PathBuf {
    folder.join(format!("set/real/{id}_fog.png"))
}

#[test]
fn real_fog_stands_beside_the_synthetic_one() {
    let folder = evaluated_with_real_fog();
    let made = store(folder.path(), "my");
    let fog = Condition::new("real_fog", 2).unwrap();
    assert_eq!(made.manifest().conditions().last(), Some(&fog));
    assert_eq!(made.completed().unwrap().len(), 4 * (1 + 2 * 2 + 1));
    // Moments and calibration are counted there too, and nothing is compared with clean.
    assert!(made.moment_keys().unwrap().iter().any(|(_, condition)| *condition == fog));
    assert!(made.cross_keys().unwrap().iter().all(|(_, condition)| *condition != fog));
    drop(made);
    let again = run(folder.path(), &EVAL);
    assert!(
        again.status.success() && String::from_utf8_lossy(&again.stderr).contains("nothing was left to do")
    );
    succeed(folder.path(), &["report", "runs/my"]);
    let text = |name: &str| fs::read_to_string(folder.path().join("runs/my").join(name)).unwrap();
    let given = text("given.csv");
    assert!(
        given.starts_with("model,id,given,severity,corruption,given_miou,corrupted_miou,rho,pairs\n"),
        "{given}"
    );
    // One model, two corruptions.
    assert_eq!(given.lines().count(), 1 + 2, "{given}");
    assert!(given.contains(",real_fog,2,fog,") && given.contains(",real_fog,2,contrast,"), "{given}");
    assert!(text("extra-corruptions.md").contains("real fog"));
    assert!(text("report.html").contains("Given pictures beside corruptions"));
    // Shards hold it too.
    for shard in ["1/2", "2/2"] {
        succeed(folder.path(), &[&EVAL[..], &["--shard", shard]].concat());
    }
    succeed(folder.path(), &["merge", "runs/my", "--replace"]);
    assert_eq!(store(folder.path(), "my").completed().unwrap().len(), 4 * (1 + 2 * 2 + 1));
}

#[test]
fn other_or_missing_pictures_of_real_fog_are_named() {
    let folder = evaluated_with_real_fog();
    let ids = ids(folder.path());
    let real = |id: &ImageId| real_fog(folder.path(), id);
    // Other pictures are other results.
    let bytes = fs::read(real(&ids[1])).unwrap();
    fs::copy(real(&ids[0]), real(&ids[1])).unwrap();
    let message = complaint(folder.path(), &EVAL);
    assert!(message.contains("implementation.real_fog"), "{message}");
    assert!(message.contains("[[eval.conditions]] fog have another content"), "{message}");
    let named = format!("[[eval.conditions]] fog:2, image {}: another picture than before", ids[1]);
    assert!(message.contains(&named) && message.matches("another picture").count() == 1, "{message}");
    assert!(message.contains("put the earlier files back, or evaluate into another run"), "{message}");
    fs::write(real(&ids[1]), bytes).unwrap();
    let check = ["data", "check", "set", "--recipe", "my.toml", "--split", "val"];
    let checked = succeed(folder.path(), &check);
    assert!(checked.contains("[[eval.conditions]] fog:2, set/real: 4 pictures"), "{checked}");
    fs::remove_file(real(&ids[2])).unwrap();
    let checked = run(folder.path(), &check);
    assert!(!checked.status.success());
    assert!(String::from_utf8_lossy(&checked.stdout).contains("_fog.png: no such file"));
    let message = complaint(folder.path(), &EVAL);
    assert!(
        message.contains("[[eval.conditions]] fog:2") && message.contains("_fog.png: no such file"),
        "{message}"
    );
    fs::write(folder.path().join("my.toml"), recipe("", &REAL_FOG.replace("{id}_fog", "fog"))).unwrap();
    let message = complaint(folder.path(), &EVAL);
    assert!(message.contains("it has no {id}"), "{message}");
}
