//! `scribe corrupt-set`: killed and resumed, on any number of jobs, verified, and refused with other settings.

mod common;

use common::{complaint, scribe, succeed, tree};
use scribe_base::digest::sha256_hex;
use scribe_corruptions::{Rng, Severity, Suite, seed_for};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

const MAKE: [&str; 9] = [
    "corrupt-set",
    "--data",
    "drawn",
    "--corruptions",
    "gaussian_noise,frost,fog",
    "--severities",
    "1,4",
    "--out",
    "c",
];

/// A folder with a small drawn set in it.
fn drawn(pictures: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let val = pictures.to_string();
    succeed(folder.path(), &["data", "synth", "drawn", "--train", "1", "--val", &val]);
    folder
}

fn assert_same(a: &Path, b: &Path) {
    let (a, b) = (tree(a), tree(b));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (name, bytes) in &a {
        assert!(*bytes == b[name], "{name} differs");
    }
}

/// Kills the command as soon as `there` exists, without a chance to clean up.
fn kill_when(folder: &Path, arguments: &[&str], there: &str) {
    let mut child = scribe(folder, arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    while !folder.join(there).exists() && Instant::now() < patience && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_micros(200));
    }
    // It may have ended already.
    let _ = child.kill();
    child.wait().unwrap();
}

#[test]
fn a_killed_set_ends_in_the_same_bytes_on_any_number_of_jobs() {
    let (calm, rough) = (drawn(24), drawn(24));
    let printed = succeed(calm.path(), &MAKE);
    assert!(printed.contains("24 pictures x 7 conditions, 24 of them now"), "{printed}");
    let ids = std::fs::read_to_string(rough.path().join("drawn/ImageSets/Segmentation/val.txt")).unwrap();
    let ids: Vec<&str> = ids.lines().collect();
    let three = [&MAKE[..], &["--jobs", "3"]].concat();
    for place in [0, 3, 9] {
        kill_when(rough.path(), &three, &format!("c/fog/1/{}.png", ids[place]));
    }
    succeed(rough.path(), &three);
    assert_same(&calm.path().join("c"), &rough.path().join("c"));

    // A file that a power cut emptied, and one that is gone, are made again; so is a row that was cut off. What a kill
    // left half-written is removed.
    std::fs::write(rough.path().join("c/fog/1/.x.png.1-2.partial"), "half").unwrap();
    std::fs::write(rough.path().join(format!("c/frost/4/{}.png", ids[2])), "").unwrap();
    std::fs::remove_file(rough.path().join(format!("c/fog/4/{}.png", ids[5]))).unwrap();
    let manifest = rough.path().join("c/manifest.csv");
    let rows = std::fs::read(&manifest).unwrap();
    std::fs::write(&manifest, &rows[..rows.len() - 40]).unwrap();
    assert!(succeed(rough.path(), &MAKE).contains("3 of them now"));
    assert_same(&calm.path().join("c"), &rough.path().join("c"));
}

#[test]
fn pictures_are_those_of_an_evaluation_with_the_same_seed() {
    let folder = drawn(2);
    succeed(folder.path(), &[&MAKE[..], &["--seed", "7", "--view", "squash:64"]].concat());
    let manifest = std::fs::read_to_string(folder.path().join("c/manifest.csv")).unwrap();
    assert_eq!(manifest.lines().count(), 1 + 2 * (1 + 3 * 2));
    let row: Vec<&str> = manifest.lines().nth(1 + 6).unwrap().split(',').collect();
    let (id, severity) = (row[0], Severity::new(4).unwrap());
    let seed = seed_for(7, id, "fog", severity);
    assert_eq!(row[1..6], ["fog", "4", &seed.to_string(), "64", "64"]);
    let file = folder.path().join(format!("drawn/JPEGImages/{id}.jpg"));
    let clean = scribe_dataset::resize_bilinear(&scribe_dataset::read_image(&file).unwrap(), 64, 64);
    let suite = Suite::imagecorruptions();
    let fog = suite.get("fog").unwrap().apply(&clean, severity, &mut Rng::seed(seed)).unwrap();
    let found = scribe_dataset::read_image(&folder.path().join(format!("c/fog/4/{id}.png"))).unwrap();
    assert!(found == fog, "the picture is the corruption's");
    let hash = |image: &scribe_dataset::image::RgbImage| sha256_hex(image.as_raw());
    assert_eq!(row[6..8], [hash(&fog), hash(&clean)]);
    // The clean picture at the same size is the first of its rows.
    let row: Vec<&str> = manifest.lines().nth(1).unwrap().split(',').collect();
    assert_eq!(row[..8], [id, "clean", "0", "0", "64", "64", &hash(&clean), &hash(&clean)]);
    let found = scribe_dataset::read_image(&folder.path().join(format!("c/clean/0/{id}.png"))).unwrap();
    assert!(found == clean, "the picture is the clean one at the view's size");
}

#[test]
fn verify_finds_the_picture_that_was_changed() {
    let folder = drawn(3);
    succeed(folder.path(), &[&MAKE[..], &["--limit", "2"]].concat());
    // More pictures of the same list go into the same folder.
    succeed(folder.path(), &MAKE);
    let verify = ["corrupt-set", "--verify", "--out", "c"];
    assert!(succeed(folder.path(), &verify).contains("21 of 21 pictures"));
    let names = tree(&folder.path().join("c"));
    let name = names.keys().find(|name| name.starts_with("frost/")).unwrap();
    let other = names.keys().find(|name| name.starts_with("fog/")).unwrap();
    std::fs::write(folder.path().join("c").join(name), &names[other]).unwrap();
    let output = common::run(folder.path(), &verify);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success() && text.contains(name.as_str()) && text.contains("SHA-256"), "{text}");
}

#[test]
fn verify_counts_the_pictures_that_are_there() {
    let folder = drawn(2);
    succeed(folder.path(), &MAKE);
    let names = tree(&folder.path().join("c"));
    let name = names.keys().find(|name| name.starts_with("fog/")).unwrap();
    std::fs::remove_file(folder.path().join("c").join(name)).unwrap();
    let output = common::run(folder.path(), &["corrupt-set", "--verify", "--out", "c"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success() && text.contains("13 of 14 pictures are there"), "{text}");
}

#[test]
fn a_source_picture_that_changed_is_refused() {
    let folder = drawn(3);
    let ids = std::fs::read_to_string(folder.path().join("drawn/ImageSets/Segmentation/val.txt")).unwrap();
    let picture = |id: &str| folder.path().join(format!("drawn/JPEGImages/{id}.jpg"));
    let pictures: Vec<_> = ids.lines().map(|id| (id, std::fs::read(picture(id)).unwrap())).collect();
    let refused = |expected: &str| {
        let before = tree(&folder.path().join("c"));
        let message = complaint(folder.path(), &MAKE);
        assert!(message.contains(expected), "{message}");
        assert!(message.contains("put back") && message.contains("--out"), "{message}");
        assert!(before == tree(&folder.path().join("c")), "nothing is written");
    };
    // Half of the set is there, then all of it.
    succeed(folder.path(), &[&MAKE[..], &["--limit", "2"]].concat());
    for _ in 0..2 {
        std::fs::write(picture(pictures[1].0), &pictures[2].1).unwrap();
        refused(&format!("picture {} has changed", pictures[1].0));
        std::fs::write(picture(pictures[0].0), &pictures[2].1).unwrap();
        refused(&format!("picture {} (and 1 other picture) has changed", pictures[0].0));
        for (id, bytes) in &pictures {
            std::fs::write(picture(id), bytes).unwrap();
        }
        succeed(folder.path(), &MAKE);
    }
}

#[test]
fn a_view_that_the_suite_does_not_take_is_refused_before_anything_is_written() {
    let folder = drawn(1);
    for view in ["squash:10", "native", "short:224"] {
        let message =
            complaint(folder.path(), &[&MAKE[..], &["--suite", "imagenet_c", "--view", view]].concat());
        let expected = format!("view is {view} (expected squash:224, the only size of suite imagenet_c)");
        assert!(message.contains(&expected), "{message}");
        assert!(!folder.path().join("c").exists(), "nothing is written");
    }
    succeed(folder.path(), &MAKE);
}

#[test]
fn other_settings_are_refused_by_their_name() {
    let folder = drawn(3);
    succeed(folder.path(), &[&MAKE[..], &["--limit", "2"]].concat());
    let cases: [(&[&str], &str); 5] = [
        (&["--seed", "1"], "master_seed is 2020, now 1 is asked for"),
        (&["--view", "short:64"], "view is native, now short:64 is asked for"),
        (&["--split", "train"], "split is val, now train is asked for"),
        (&["--limit", "1"], "pictures is 2, now 1 is asked for"),
        (&["--suite", "imagenet_c", "--view", "squash:224"], "suite is"),
    ];
    for (more, expected) in cases {
        let message = complaint(folder.path(), &[&MAKE[..], more].concat());
        assert!(message.contains(expected), "{more:?}: {message}");
    }
    let message = complaint(folder.path(), &["corrupt-set", "--data", "drawn", "--out", "drawn"]);
    assert!(message.contains("holds files but no set.json"), "{message}");
    let message =
        complaint(folder.path(), &["corrupt-set", "--data", "drawn", "--out", "n", "--corruptions", "rain"]);
    assert!(message.contains("no corruption \"rain\""), "{message}");
}

#[test]
fn pictures_alone_suffice() {
    let folder = drawn(2);
    std::fs::remove_dir_all(folder.path().join("drawn/SegmentationClass")).unwrap();
    succeed(folder.path(), &[&MAKE[..], &["--view", "squash:40"]].concat());
    assert!(succeed(folder.path(), &["corrupt-set", "--verify", "--out", "c"]).contains("14 of 14 pictures"));
    // A picture that is not there is still named.
    let ids = std::fs::read_to_string(folder.path().join("drawn/ImageSets/Segmentation/val.txt")).unwrap();
    let picture = format!("JPEGImages/{}.jpg", ids.lines().nth(1).unwrap());
    std::fs::remove_file(folder.path().join("drawn").join(&picture)).unwrap();
    let message = complaint(folder.path(), &MAKE);
    assert!(message.contains(&picture) && message.contains("val.txt"), "{message}");
}

/// The names of a set's corruptions, as its settings tell them.
fn corruptions(folder: &Path, set: &str) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join(set).join("set.json")).unwrap();
    let settings: serde_json::Value = serde_json::from_str(&text).unwrap();
    let names = settings["corruptions"].as_array().unwrap().iter();
    names.map(|member| member["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn one_grammar_names_corruptions_everywhere() {
    let folder = drawn(1);
    let make = |out: &str, words: &[&str]| {
        let start = ["corrupt-set", "--data", "drawn", "--severities", "1", "--out", out, "--corruptions"];
        succeed(folder.path(), &[&start[..], words].concat());
        corruptions(folder.path(), out)
    };
    assert_eq!(make("a", &["lighting, fog", "--severities", "2, 3"]), ["brightness", "contrast", "fog"]);
    assert_eq!(make("b", &["fog,", "contrast"]), ["fog", "contrast"]);
    assert_eq!(make("c", &["all"]).len(), 15);
    let recipe = |value: &str, out: &str| {
        let start = ["corrupt-set", "--data", "drawn", "--out", out, "--like", "smoke", "--set"];
        let value = format!("eval.corruptions={value}");
        succeed(folder.path(), &[&start[..], &[&value], &["--set", "eval.severities=[1]"]].concat());
        corruptions(folder.path(), out)
    };
    assert_eq!(recipe("lighting, fog", "d"), ["brightness", "contrast", "fog"]);
    assert_eq!(recipe("[\"lighting\", \" fog \", \"fog\"]", "e"), ["brightness", "contrast", "fog"]);
    // The same of other lists.
    let draw = ["data", "synth", "other", "--train", "1", "--val", "1", "--classes", "3, 8"];
    succeed(folder.path(), &draw);
    // One picture takes one corruption, of the same words.
    let picture = std::fs::read_dir(folder.path().join("drawn/JPEGImages")).unwrap().next().unwrap().unwrap();
    let picture = picture.path().display().to_string();
    let one =
        |name: &'static str| ["corrupt", &picture[..], "p.png", "--severity", "1", "--corruption", name];
    succeed(folder.path(), &one(" fog "));
    let message = complaint(folder.path(), &one("noise"));
    assert!(message.contains("names 3 corruptions"), "{message}");
    let message = complaint(folder.path(), &one("fogg"));
    assert!(message.contains("did you mean fog? expected one of gaussian_noise"), "{message}");
}

#[test]
fn near_misses_are_told_the_name_that_was_meant() {
    let folder = drawn(1);
    let start = ["corrupt-set", "--data", "drawn", "--out", "n"];
    let cases: [(&[&str], &str); 5] = [
        (&["--corruptions", "fogg"], "did you mean fog?"),
        (&["--corruptions", "wether"], "did you mean weather?"),
        (&["--suite", "imagenet-c"], "did you mean imagenet_c?"),
        (&["--split", "vall"], "did you mean val? expected one of train, trainval, val"),
        (&["--like", "author-code"], "did you mean authors-code?"),
    ];
    for (more, expected) in cases {
        let message = complaint(folder.path(), &[&start[..], more].concat());
        assert!(message.contains(expected), "{more:?}: {message}");
    }
    let message = complaint(folder.path(), &["data", "check", "drawn", "--split", "vall"]);
    assert!(message.contains("did you mean val?"), "{message}");
}

#[test]
fn a_named_frost_folder_must_be_there_and_generated_frost_warns() {
    let folder = drawn(1);
    let picture = std::fs::read_dir(folder.path().join("drawn/JPEGImages")).unwrap().next().unwrap().unwrap();
    let picture = picture.path().display().to_string();
    let set = ["corrupt-set", "--data", "drawn", "--out", "n", "--corruptions", "frost", "--severities", "1"];
    let one = ["corrupt", &picture, "p.png", "--corruption", "frost", "--severity", "1"];
    let sheet = ["corrupt", &picture, "p.png", "--sheet"];
    let short =
        ["--data", "drawn", "--set", "train.batch=2", "--set", "train.steps=1", "--set", "model.width=0.05"];
    let stages = ["train", "eval", "reproduce"].map(|stage| [&[stage][..], &short].concat());
    let commands = stages.iter().map(Vec::as_slice).chain([&set[..], &one, &sheet]);
    for command in commands {
        let message = complaint(folder.path(), &[command, &["--frost", "no/such"]].concat());
        assert!(message.contains("--frost no/such: no such folder"), "{command:?}: {message}");
    }
    assert!(!folder.path().join("n").exists() && !folder.path().join("runs").exists(), "nothing was begun");
    let warns = |command: &[&str]| {
        let output = common::run(folder.path(), command);
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stderr).contains("frost textures are generated ones")
    };
    assert!(warns(&set) && warns(&one) && warns(&sheet), "generated frost is said");
    assert!(
        !warns(&["corrupt", &picture, "p.png", "--corruption", "fog", "--severity", "1"]),
        "only where it is used"
    );
}
