//! A network of another program, from the recipe's corrupted set to its row in the report, and the errors of a wrong set.

mod common;

use common::{complaint, succeed};
use image::{GrayImage, Luma};
use scribe_dataset::{TestView, read_image};
use scribe_records::{Condition, Mode, ModelId, Series, Store};
use std::path::{Path, PathBuf};

/// The recipe, made small; the same words go to both commands.
const RECIPE: [&str; 6] = [
    "--set",
    "eval.view=squash:40",
    "--set",
    "eval.corruptions=lighting, fog",
    "--set",
    "eval.severities=[2, 5]",
];

/// A folder with a drawn set and the corrupted set `C` that `smoke` wants of it.
fn world() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let draw = ["data", "synth", "set", "--train", "1", "--val", "3", "--width", "48", "--height", "40"];
    succeed(folder.path(), &draw);
    succeed(folder.path(), &like("C", &RECIPE));
    folder
}

fn like<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["corrupt-set", "--like", "smoke", "--data", "set", "--out", out], more].concat()
}

fn eval<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let start = [
        "eval",
        "--recipe",
        "smoke",
        "--data",
        "set",
        "--predictions",
        "P",
        "--as",
        "mynet",
        "--corrupted",
        "C",
    ];
    [&start[..], &RECIPE, more].concat()
}

/// Every picture of a set: its path within the set.
fn pictures(set: &Path) -> Vec<PathBuf> {
    let below = |folder: &Path| -> Vec<PathBuf> {
        folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
    };
    let severities = below(set).into_iter().flat_map(|corruption| below(&corruption));
    let files = severities
        .flat_map(|folder| folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>());
    files.map(|path| path.strip_prefix(set).unwrap().to_owned()).collect()
}

/// The other program: class 15 where a picture is red, else background.
fn predict(folder: &Path) {
    let set = folder.join("C");
    for name in pictures(&set) {
        let picture = read_image(&set.join(&name)).unwrap();
        let class = |x, y| Luma([if picture.get_pixel(x, y)[0] > 110 { 15 } else { 0 }]);
        let path = folder.join("P").join(&name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        GrayImage::from_fn(picture.width(), picture.height(), class).save(path).unwrap();
    }
}

fn conditions() -> Vec<Condition> {
    let names = ["brightness", "contrast", "fog"];
    let corrupted =
        names.iter().flat_map(|name| [2, 5].map(|severity| Condition::new(*name, severity).unwrap()));
    std::iter::once(Condition::clean()).chain(corrupted).collect()
}

#[test]
fn its_set_its_predictions_and_its_row_in_the_report() {
    let folder = world();
    let set = folder.path().join("C");
    assert_eq!(pictures(&set).len(), 3 * 7);
    // Clean pictures are those of the evaluation too.
    let clean = pictures(&set.join("../C")).into_iter().find(|name| name.starts_with("clean/0")).unwrap();
    let id = clean.file_stem().unwrap().to_str().unwrap();
    let source = read_image(&folder.path().join(format!("set/JPEGImages/{id}.jpg"))).unwrap();
    assert!(read_image(&set.join(&clean)).unwrap() == TestView::Squash(40).apply_picture(&source));
    predict(folder.path());
    succeed(folder.path(), &eval(&["--label", "My net"]));
    let store = Store::open(&folder.path().join("runs/smoke").join(Store::FILE_NAME)).unwrap();
    let series = Series::new(ModelId::new("mynet").unwrap(), 0, Mode::single());
    for condition in conditions() {
        assert_eq!(store.per_image(&series, &condition).unwrap().len(), 3, "{condition}");
    }
    let printed = succeed(folder.path(), &["report", "runs/smoke"]);
    assert!(printed.contains("My net"), "{printed}");
    let table = std::fs::read_to_string(folder.path().join("runs/smoke/table1.md")).unwrap();
    assert!(table.contains("My net"), "{table}");
    let near = complaint(folder.path(), &["report", "runs/smoke", "--reference", "mynte"]);
    assert!(near.contains("did you mean mynet or My net? expected one of mynet, My net"), "{near}");
    // A model whose label is its id is named once.
    let same = eval(&["--label", "same"]).into_iter().map(|word| if word == "mynet" { "same" } else { word });
    succeed(folder.path(), &same.collect::<Vec<_>>());
    let near = complaint(folder.path(), &["report", "runs/smoke", "--reference", "nobody"]);
    assert!(near.contains("expected one of mynet, same, My net\n"), "{near}");
    let near = complaint(folder.path(), &["report", "runs/smoke", "--class", "persn"]);
    assert!(near.contains("did you mean person? expected one of"), "{near}");
}

#[test]
fn a_set_of_other_settings_is_refused_before_any_work() {
    let folder = world();
    // Neither data nor predictions are needed to see it.
    std::fs::remove_dir_all(folder.path().join("set")).unwrap();
    let says = |more: &[&str]| complaint(folder.path(), &eval(more));
    let several = says(&[
        "--set",
        "eval.master_seed=7",
        "--set",
        "eval.master_seeds=[7]",
        "--set",
        "eval.view=squash:48",
        "--set",
        "eval.severities=[1, 2]",
    ]);
    for line in [
        "view: squash:40 in the set, squash:48 in the recipe",
        "master_seed: 2020 in the set, 7 in the recipe",
        "severities: 2, 5 in the set, 1, 2 in the recipe",
        "scribe corrupt-set --like smoke --set eval.view=squash:40 --set 'eval.corruptions=lighting, fog' --set \
         'eval.severities=[2, 5]' --set eval.master_seed=7 --set 'eval.master_seeds=[7]' --set eval.view=squash:48 --set \
         'eval.severities=[1, 2]' --data \
         set --out NEW_FOLDER",
    ] {
        assert!(several.contains(line), "{line}\n{several}");
    }
    let suite = says(&["--set", "eval.suite=imagenet_c", "--set", "eval.view=squash:224"]);
    assert!(suite.contains("suite: imagecorruptions in the set, imagenet_c in the recipe"), "{suite}");
    let more = says(&["--set", "eval.corruptions=lighting, fog, snow"]);
    assert!(
        more.contains("corruptions: brightness, contrast, fog in the set, brightness, contrast, fog, snow"),
        "{more}"
    );
    let more = says(&["--set", "eval.limit=4"]);
    assert!(more.contains("pictures: 3 in the set, 4 in the recipe"), "{more}");
    assert!(!folder.path().join("runs").exists(), "nothing was begun");
}

#[test]
fn a_set_that_holds_more_serves_a_recipe_that_tests_less() {
    let folder = world();
    predict(folder.path());
    succeed(
        folder.path(),
        &eval(&["--set", "eval.severities=[5]", "--set", "eval.corruptions=fog", "--set", "eval.limit=2"]),
    );
}

#[test]
fn a_set_of_other_pictures_is_refused_by_their_hash() {
    let folder = world();
    predict(folder.path());
    let manifest = folder.path().join("C/manifest.csv");
    let rows = std::fs::read_to_string(&manifest).unwrap();
    let cut = rows.lines().take(1 + 20).map(|line| format!("{line}\n")).collect::<String>();
    std::fs::write(&manifest, cut).unwrap();
    let message = complaint(folder.path(), &eval(&[]));
    assert!(message.contains("20 rows (expected 21: the set is not whole yet"), "{message}");
    std::fs::write(&manifest, rows).unwrap();
    // The second picture changes after the set was made.
    let ids = std::fs::read_to_string(folder.path().join("set/ImageSets/Segmentation/val.txt")).unwrap();
    let id = ids.lines().nth(1).unwrap();
    image::RgbImage::new(48, 40).save(folder.path().join(format!("set/JPEGImages/{id}.jpg"))).unwrap();
    let message = complaint(folder.path(), &eval(&[]));
    assert!(
        message.contains(&format!("clean/0/{id}.png has SHA-256")) && message.contains("manifest.csv"),
        "{message}"
    );
}

#[test]
fn flags_that_contradict_the_recipe_are_refused() {
    let folder = world();
    let cases: [(&[&str], &str); 8] = [
        (&["--view", "native"], "--view native: contradicts --like smoke, whose eval.view is squash:40"),
        (&["--suite", "imagenet_c"], "whose eval.suite is imagecorruptions"),
        (&["--seed", "1"], "--seed 1: contradicts --like smoke, whose eval.master_seed is 2020"),
        (&["--limit", "2"], "whose eval.limit is 0"),
        (&["--corruptions", "fog"], "whose eval.corruptions is brightness,contrast,fog"),
        (&["--severities", "2"], "whose eval.severities is 2,5"),
        (&["--split", "train"], "every recipe tests the list val"),
        (&["--set", "eval.veiw=native"], "did you mean view?"),
    ];
    for (more, expected) in cases {
        let message = complaint(folder.path(), &like("D", &[&RECIPE, more].concat()));
        assert!(message.contains(expected), "{more:?}: {message}");
        assert!(!folder.path().join("D").exists(), "nothing was begun");
    }
    // Saying the same once more is no contradiction, and neither is another way to say it.
    let same = [
        "--view",
        "squash:40",
        "--seed",
        "2020",
        "--limit",
        "0",
        "--split",
        "val",
        "--suite",
        "imagecorruptions",
    ];
    let words = ["--corruptions", "brightness, contrast,fog", "--severities", "2, 5"];
    succeed(folder.path(), &like("C", &[&RECIPE[..], &same, &words].concat()));
    let message = complaint(folder.path(), &["corrupt-set", "--data", "set", "--out", "D", "--set", "train"]);
    assert!(
        message.contains("--set train: there is no recipe to change") && message.contains("--split"),
        "{message}"
    );
}
