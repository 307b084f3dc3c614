//! Other people's pipelines as declared facts: `eval.channel_order` and `eval.corrupt`, and the label map that moves, from a
//! recipe to the report.

mod common;

use common::{complaint, run, small, succeed};
use scribe_records::{Condition, CorruptionInfo, Store};
use std::collections::BTreeMap;
use std::path::Path;

const BASE: [&str; 3] = ["eval.severities=[3]", "eval.modes=[\"single\"]", "eval.records=[]"];
const BGR_BEFORE: [&str; 2] = ["eval.channel_order=bgr", "eval.corrupt=before_view"];

/// The command on the small recipe with further assignments.
fn command(name: &str, assignments: &[&str], more: &[&str]) -> Vec<String> {
    let all = [&BASE[..], assignments].concat();
    small(name, &all, more).into_iter().map(str::to_owned).collect()
}

fn words(command: &[String]) -> Vec<&str> {
    command.iter().map(String::as_str).collect()
}

fn store(folder: &Path, run: &str) -> Store {
    Store::open(&folder.join("runs").join(run).join(Store::FILE_NAME)).unwrap()
}

/// SHA-256 of what was shown, by image, corruption and severity.
fn shown(store: &Store) -> BTreeMap<(String, String, u8), String> {
    let inputs = store.inputs().unwrap().into_iter();
    inputs.map(|i| ((i.image_id, i.condition.corruption, i.condition.severity), i.sha256)).collect()
}

/// The same of a corrupted set, from its manifest.
fn made(folder: &Path, set: &str) -> BTreeMap<(String, String, u8), String> {
    let text = std::fs::read_to_string(folder.join(set).join("manifest.csv")).unwrap();
    let rows = text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    rows.map(|row| ((row[0].clone(), row[1].clone(), row[2].parse().unwrap()), row[6].clone())).collect()
}

/// The arguments that corrupt the pictures of the run `declared`.
fn corrupt_set<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["corrupt-set", "--data", "runs/declared/synthetic", "--out", out][..], more].concat()
}

#[test]
fn a_declared_pipeline_is_that_of_eval_and_corrupt_set_and_cannot_be_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let snow = "eval.corruptions=[\"snow\", \"contrast\"]";
    let of = |declared: &[&str], more: &[&str]| command("reproduce", &[&[snow], declared].concat(), more);
    succeed(path, &words(&of(&[], &["--name", "standard"])));
    succeed(path, &words(&of(&BGR_BEFORE, &["--name", "declared"])));
    let (standard, declared) = (store(path, "standard"), store(path, "declared"));
    assert_eq!(declared.manifest().channel_order, "bgr");
    assert_eq!(declared.manifest().corruption_place, "before_view");
    let (a, b) = (shown(&standard), shown(&declared));
    for (place, hash) in &a {
        assert_eq!(*hash == b[place], place.1 == "clean", "{place:?}: clean pictures are the same");
    }
    // The report says so, and that of the standard run says nothing of it.
    let page = |run: &str| std::fs::read_to_string(path.join("runs").join(run).join("report.html")).unwrap();
    for says in ["Corruptions saw the channels as blue, green, red", "corrupted at the size of their files"] {
        assert!(page("declared").contains(says) && !page("standard").contains(says), "{says}");
    }
    // A set for other programs holds the same pictures, from the recipe and from flags.
    let set = |out: &'static str, more: &[&str]| {
        succeed(path, &corrupt_set(out, more));
        assert_eq!(made(path, out), b, "{out}");
    };
    let like = command("x", &[&[snow], &BGR_BEFORE[..]].concat(), &["--like", "smoke"]);
    set("recipe", &words(&like)[1..]);
    let flags = "--view squash:40 --channel-order bgr --corrupt before_view --corruptions snow,contrast --severities 3";
    set("flags", &flags.split(' ').collect::<Vec<_>>());
    // Neither the store nor the set goes on in another way.
    let message = complaint(path, &words(&of(&["eval.corrupt=before_view"], &["--name", "declared"])));
    assert!(message.contains("eval.channel_order: \"bgr\" -> (unset)"), "{message}");
    let message = complaint(path, &words(&of(&BGR_BEFORE, &["--name", "standard"])));
    assert!(message.contains("eval.corrupt: (unset) -> \"before_view\""), "{message}");
    let rgb = flags.replace("bgr", "rgb");
    let message = complaint(path, &corrupt_set("flags", &rgb.split(' ').collect::<Vec<_>>()));
    assert!(message.contains("channel_order is bgr, now rgb is asked for"), "{message}");
}

#[test]
fn values_and_suites_that_do_not_fit_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |assignments: &[&str]| complaint(folder.path(), &words(&command("eval", assignments, &[])));
    let message = refused(&["eval.channel_order=brg"]);
    assert!(
        message.contains("did you mean bgr") && message.contains("expected one of rgb, bgr"),
        "{message}"
    );
    assert!(refused(&["eval.corrupt=before"]).contains("expected one of after_view, before_view"));
    let imagenet = ["eval.suite=imagenet_c", "eval.view=squash:224"];
    let message = refused(&[&imagenet[..], &["eval.corrupt=before_view"]].concat());
    assert!(message.contains("because suite imagenet_c takes only pictures of squash:224"), "{message}");
    // The authors' toolkit has an elastic transform of its own, whose labels cannot be moved here.
    let moved = "eval.corruptions=[\"elastic_transform_moved_label\"]";
    let message = refused(&[&imagenet[..], &[moved]].concat());
    assert!(message.contains("eval.corruptions") && message.contains("elastic_transform"), "{message}");
}

/// The exported rows of inputs hold the hash of each moved label map, and none for clean pictures.
fn assert_exported(inputs: &str, labels: &BTreeMap<(String, Condition), String>) {
    assert!(inputs.starts_with("image,corruption,severity,seed,sha256,moved_label_sha256\n"), "{inputs}");
    for ((id, condition), hash) in labels {
        let row = inputs.lines().find(|line| line.starts_with(&format!("{id},{},3,", condition.corruption)));
        assert!(row.unwrap().ends_with(&format!(",{hash}")), "{inputs}");
    }
    assert!(
        inputs.lines().filter(|line| line.contains(",clean,")).all(|line| line.ends_with(',')),
        "{inputs}"
    );
}

#[test]
fn a_label_that_moves_is_a_condition_of_the_store_the_export_and_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let both = "eval.corruptions=[\"elastic_transform\", \"elastic_transform_moved_label\"]";
    let reproduce = |corruptions: &str, name: &str| {
        // Of two draws, each of which moves the labels its own way.
        let draws = "eval.master_seeds=[2020, 2021]";
        let reproduce = command("reproduce", &[corruptions, draws], &["--name", name]);
        let output = run(path, &words(&reproduce));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    reproduce(both, "both");
    let store = store(path, "both");
    let names: Vec<String> = store.manifest().corruptions.iter().map(|c| c.name.clone()).collect();
    let moved = format!("elastic_transform{}", CorruptionInfo::MOVED_LABEL_SUFFIX);
    assert_eq!(names, ["elastic_transform", &moved]);
    let labels = store.moved_labels().unwrap();
    assert_eq!(labels.len(), 2, "of two pictures");
    assert!(labels.keys().all(|(_, condition)| *condition == Condition::new(moved.as_str(), 3).unwrap()));
    let shown = shown(&store);
    for ((id, corruption, severity), hash) in &shown {
        if *corruption == moved {
            assert_eq!(*hash, shown[&(id.clone(), "elastic_transform".to_owned(), *severity)]);
        }
    }
    succeed(path, &["export", "runs/both", "--format", "csv", "--out", "tables"]);
    assert_exported(&std::fs::read_to_string(path.join("tables/inputs.csv")).unwrap(), &labels);
    // The report has the row; Table 1 is what it is without the condition.
    let file = |run: &str, name: &str| {
        std::fs::read_to_string(path.join("runs").join(run).join(name)).unwrap_or_default()
    };
    assert!(file("both", "report.html").contains("<section id=\"label-shift\">"));
    assert_eq!(file("both", "label-shift.csv").lines().count(), 1 + 3, "a row for each of three models");
    reproduce("eval.corruptions=[\"elastic_transform\"]", "alone");
    assert_eq!(file("alone", "label-shift.csv"), "");
    assert_eq!(file("alone", "table1.csv"), file("both", "table1.csv"));
    assert_eq!(file("alone", "table2.csv"), file("both", "table2.csv"));
}

#[test]
fn a_set_for_other_programs_holds_the_given_pictures_at_the_view() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let draw = ["data", "synth", "set", "--train", "4", "--val", "2", "--width", "48", "--height", "40"];
    succeed(path, &draw);
    let given = "eval.conditions=[{name = \"fog\", severity = 2, pictures = \"JPEGImages/{id}.jpg\"}]";
    let assignments = ["eval.corruptions=[\"contrast\"]", given];
    let data = ["--data", "set"];
    succeed(path, &words(&command("reproduce", &assignments, &data)));
    let more = [&data[..], &["--like", "smoke", "--out", "C"]].concat();
    let make = command("corrupt-set", &assignments, &more);
    assert!(succeed(path, &words(&make)).contains("2 pictures x 3 conditions"));
    let made = made(path, "C");
    assert_eq!(made, shown(&store(path, "smoke")), "the pictures of the evaluation, real_fog among them");
    let of = |name: &str| -> Vec<&String> {
        made.iter().filter(|(place, _)| place.1 == name).map(|(_, hash)| hash).collect()
    };
    assert_eq!(of("real_fog"), of("clean"), "this fog is the clean pictures themselves");
    assert_eq!(of("real_fog").len(), 2);
    assert!(succeed(path, &["corrupt-set", "--verify", "--out", "C"]).contains("6 of 6 pictures"));
    // Without the condition the set is another one.
    let without = command("corrupt-set", &assignments[..1], &more);
    let message = complaint(path, &words(&without));
    assert!(message.contains("given is real_fog:2, now none is asked for"), "{message}");
}

#[test]
fn a_set_holds_one_draw_of_the_corruptions_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    succeed(path, &["data", "synth", "set", "--train", "1", "--val", "1", "--width", "48", "--height", "40"]);
    let make = |seeds: &str, more: &[&str], out: &str| {
        let like = ["--data", "set", "--like", "smoke", "--out", out];
        let assignments = [&["eval.corruptions=[\"fog\"]", seeds][..], more].concat();
        let output = run(path, &words(&command("corrupt-set", &assignments, &like)));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let said = make("eval.master_seeds=[2020, 5]", &[], "both");
    assert!(
        said.contains("the draw of 2020 alone")
            && said.contains("--set eval.master_seed=5 --set 'eval.master_seeds=[5]')"),
        "{said}"
    );
    assert!(!make("eval.master_seeds=[2020]", &[], "first").contains("several master seeds"));
    assert_eq!(made(path, "both"), made(path, "first"));
    // The other draw, as the message says.
    make("eval.master_seeds=[5]", &["eval.master_seed=5"], "other");
    make("eval.master_seeds=[]", &["eval.master_seed=5"], "second");
    assert_eq!(made(path, "other"), made(path, "second"));
    assert_ne!(made(path, "other"), made(path, "first"));
}
