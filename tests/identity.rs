//! A run resumes only with the pictures, labels, lists and settings that it began with; an error names what changed.

mod common;

use common::{complaint, run, scribe, succeed};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// A drawn set of 8 training and 4 test pictures, in a folder as a user's own data set.
fn set(folder: &Path) -> PathBuf {
    let sizes = ["--train", "8", "--val", "4", "--width", "48", "--height", "40"];
    succeed(folder, &[&["data", "synth", "set"], &sizes[..]].concat());
    folder.join("set")
}

/// One narrow model on that set.
fn arguments<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let sets = ["train.batch=4", "model.width=0.05", "eval.modes=[\"single\"]", "eval.severities=[1]"];
    let sets = sets.into_iter().flat_map(|set| ["--set", set]);
    [command, "--data", "set"].into_iter().chain(sets).chain(more.iter().copied()).collect()
}

const ONE_STEP: [&str; 4] = ["--set", "train.steps=1", "--set", "eval.corruptions=[\"contrast\"]"];
const MORE: [&str; 4] =
    ["--set", "train.steps=1", "--set", "eval.corruptions=[\"contrast\", \"brightness\"]"];

fn ids(set: &Path, list: &str) -> Vec<String> {
    let text = std::fs::read_to_string(set.join(format!("ImageSets/Segmentation/{list}.txt"))).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Does some work while a file has other bytes.
fn with<T>(path: &Path, bytes: &[u8], work: impl FnOnce() -> T) -> T {
    let before = std::fs::read(path).unwrap();
    assert_ne!(before, bytes);
    std::fs::write(path, bytes).unwrap();
    let said = work();
    std::fs::write(path, before).unwrap();
    said
}

#[test]
fn an_evaluation_does_not_go_on_with_other_pictures_labels_or_lists() {
    let folder = tempfile::tempdir().unwrap();
    let (path, set) = (folder.path(), set(folder.path()));
    succeed(path, &arguments("train", &ONE_STEP));
    succeed(path, &arguments("eval", &ONE_STEP));
    let store = path.join("runs/smoke/store.sqlite");
    let before = std::fs::read(&store).unwrap();
    let val = ids(&set, "val");
    let file = |kind: &str, id: &str| {
        set.join(kind).join(format!("{id}.{}", if kind == "JPEGImages" { "jpg" } else { "png" }))
    };
    let refused = || complaint(path, &arguments("eval", &MORE));

    let other = std::fs::read(file("JPEGImages", &val[0])).unwrap();
    let said = with(&file("JPEGImages", &val[2]), &other, refused);
    assert!(said.contains(&format!("list val: pictures with another content: {}", val[2])), "{said}");
    assert!(said.contains("store.sqlite") && said.contains("--name"), "{said}");
    assert!(!said.contains(&val[1]), "only what changed is named: {said}");

    let other = std::fs::read(file("SegmentationClass", &val[0])).unwrap();
    let said = with(&file("SegmentationClass", &val[3]), &other, refused);
    assert!(said.contains(&format!("label maps with another content: {}", val[3])), "{said}");

    let train = ids(&set, "train");
    let list = set.join("ImageSets/Segmentation/val.txt");
    let longer = format!("{}\n{}\n", val.join("\n"), train[0]);
    let said = with(&list, longer.as_bytes(), refused);
    assert!(said.contains(&format!("pictures added: {}", train[0])), "{said}");
    let said = with(&list, val[1..].join("\n").as_bytes(), refused);
    assert!(said.contains(&format!("pictures gone: {}", val[0])), "{said}");
    assert!(std::fs::read(&store).unwrap() == before, "a refused call changes nothing");
    succeed(path, &arguments("eval", &MORE));
}

#[test]
fn parts_of_other_pictures_are_not_merged() {
    let folder = tempfile::tempdir().unwrap();
    let (path, set) = (folder.path(), set(folder.path()));
    succeed(path, &arguments("train", &ONE_STEP));
    let part = |which: &'static str| arguments("eval", &[&ONE_STEP[..], &["--shard", which]].concat());
    succeed(path, &part("1/2"));
    let val = ids(&set, "val");
    let picture = |id: &str| set.join(format!("JPEGImages/{id}.jpg"));
    let other = std::fs::read(picture(&val[0])).unwrap();
    with(&picture(&val[1]), &other, || succeed(path, &part("2/2")));
    let said = complaint(path, &["merge", "runs/smoke"]);
    assert!(said.contains("1-of-2.sqlite") && said.contains("2-of-2.sqlite"), "{said}");
    assert!(said.contains(&format!("pictures with another content: {}", val[1])), "{said}");
    assert!(!path.join("runs/smoke/store.sqlite").exists());
}

/// Starts a training of many steps and stops it as Ctrl-C does, so that it leaves a state to resume from.
#[cfg(unix)]
fn stopped(folder: &Path, arguments: &[&str]) {
    let mut child = scribe(folder, arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    while !folder.join("runs/smoke/train/softmax-seed1/metrics.jsonl").exists() && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(5));
    }
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    assert!(!child.wait().unwrap().success(), "it was stopped long before its end");
}

#[cfg(unix)]
#[test]
fn a_training_does_not_go_on_with_another_list_picture_or_setting() {
    let folder = tempfile::tempdir().unwrap();
    let (path, set) = (folder.path(), set(folder.path()));
    let many = arguments("train", &["--set", "train.steps=80"]);
    stopped(path, &many);
    let (train, val) = (ids(&set, "train"), ids(&set, "val"));
    let list = set.join("ImageSets/Segmentation/train.txt");
    let longer = format!("{}\n{}\n{}\n", train.join("\n"), val[0], val[1]);
    let said = with(&list, longer.as_bytes(), || complaint(path, &many));
    assert!(said.contains(&format!("list train: pictures added: {}, {}", val[0], val[1])), "{said}");
    assert!(said.contains("--name"), "{said}");

    let picture = |id: &str| set.join(format!("JPEGImages/{id}.jpg"));
    let other = std::fs::read(picture(&val[0])).unwrap();
    let said = with(&picture(&train[5]), &other, || complaint(path, &many));
    assert!(said.contains(&format!("list train: pictures with another content: {}", train[5])), "{said}");

    let rate = [&many[..], &["--set", "train.lr_head=0.5", "--set", "train.flip=false"]].concat();
    let said = complaint(path, &rate);
    assert!(
        said.contains("train.lr_head: 0.1 -> 0.5") && said.contains("train.flip: true -> false"),
        "{said}"
    );
    assert!(!said.contains("train.batch"), "only what differs is named: {said}");

    succeed(path, &many);
    // The finished network is bound to the same.
    let said = with(&picture(&train[5]), &other, || complaint(path, &many));
    assert!(said.contains("finished.json") && said.contains(&train[5]), "{said}");
    succeed(path, &many);
}

#[test]
fn training_wants_the_test_list_only_to_validate_and_says_which_model_it_validated() {
    let folder = tempfile::tempdir().unwrap();
    let (path, set) = (folder.path(), set(folder.path()));
    let validated = [&ONE_STEP[..2], &["--set", "train.steps=2", "--set", "train.validate_every=1"]].concat();
    let output = run(path, &arguments("train", &validated));
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{log}");
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("validated")).collect();
    for model in ["Baseline (seed 1)", "IBE (seed 1)", "SCrIBE (seed 1)"] {
        assert!(lines.iter().any(|line| line.contains(model)), "{model}: {log}");
    }
    std::fs::remove_file(set.join("ImageSets/Segmentation/val.txt")).unwrap();
    succeed(path, &arguments("train", &[&ONE_STEP[..], &["--name", "blind"]].concat()));
    let said = complaint(path, &arguments("train", &[&validated[..], &["--name", "blind2"]].concat()));
    assert!(said.contains("val.txt"), "{said}");
}

#[test]
fn names_and_labels_are_plain() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::create_dir_all(path.join("runs/other")).unwrap();
    std::fs::write(path.join("runs/other/kept"), "").unwrap();
    for name in ["", ".", "..", "../x", "a/b"] {
        let said = complaint(path, &arguments("reproduce", &["--fresh", "--name", name]));
        assert!(said.contains("--name") && said.contains("1 to 64"), "{name}: {said}");
    }
    assert!(path.join("runs/other/kept").exists() && !path.join("x").exists());
    set(path);
    std::fs::create_dir(path.join("pred")).unwrap();
    let theirs = ["--predictions", "pred", "--as", "mynet", "--label", "bell\u{7}"];
    let said = complaint(path, &arguments("eval", &[&ONE_STEP[..], &theirs[..]].concat()));
    assert!(said.contains("--label") && said.contains("control characters"), "{said}");
    assert!(!path.join("runs/smoke").exists(), "a refused call makes no folder");
    let smoke = include_str!("../recipes/smoke.toml").replace("\"Baseline\"", "\"a\\nb\"");
    std::fs::write(path.join("bad.toml"), smoke).unwrap();
    let said = complaint(path, &["inspect", "bad.toml"]);
    assert!(said.contains("models.label") && said.contains("control characters"), "{said}");
}
