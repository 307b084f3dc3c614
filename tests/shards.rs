//! An evaluation by four processes, one of them killed and started again, gives the bytes of one process when it is joined.

mod common;

use common::{complaint, scribe, small, succeed};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const SETTINGS: [&str; 9] = [
    "data.synthetic.val=8",
    "train.steps=2",
    "eval.corruptions=[\"gaussian_noise\", \"contrast\"]",
    "eval.severities=[1, 5]",
    "eval.scales=[0.5, 1.0]",
    "eval.view=squash:48",
    "eval.panels=2",
    "eval.master_seeds=[2020, 5]",
    "eval.records=[\"moments\", \"cross_moments\", \"calibration\", \"temperatures\", \"non_distinctiveness\"]",
];

fn arguments<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    small(command, &SETTINGS, more)
}

/// Starts a shard without waiting for it.
fn start(folder: &Path, shard: &str) -> Child {
    let mut command = scribe(folder, &arguments("eval", &["--shard", shard]));
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Every file that a report writes, by name.
fn report(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    succeed(folder, &["report", "runs/smoke"]);
    let entries = std::fs::read_dir(folder.join("runs/smoke")).unwrap().map(|entry| entry.unwrap().path());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    // The log says when each call began, and what it did; only what is reported must be the same.
    let written =
        entries.filter(|path| path.is_file() && !name(path).starts_with("store") && name(path) != "log.txt");
    written.map(|path| (name(&path), std::fs::read(&path).unwrap())).collect()
}

/// Kills a shard, without a chance to clean up, as soon as its store is there.
fn kill_in_the_middle(folder: &Path, shard: &str, store: &str) {
    let mut child = start(folder, shard);
    let patience = Instant::now() + Duration::from_secs(120);
    while !folder.join(store).exists() && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(2));
    }
    std::thread::sleep(Duration::from_millis(60));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(folder.join(store).exists(), "the shard had begun");
}

/// Merging the same shard twice, a shard of another division and a division without one of its shards are errors.
fn wrong_shards_are_not_merged(path: &Path) {
    let twice = "runs/smoke/shards/1-of-4.sqlite";
    let overlap = complaint(path, &["merge", "runs/smoke", twice, twice]);
    assert!(overlap.contains("already a result"), "{overlap}");
    let (third, elsewhere) = (path.join("runs/smoke/shards/3-of-4.sqlite"), path.join("3-of-4.sqlite"));
    let stray = path.join("runs/smoke/shards/9-of-9.sqlite");
    std::fs::copy(&third, &stray).unwrap();
    let mixed = complaint(path, &["merge", "runs/smoke"]);
    assert!(mixed.contains("two divisions") && mixed.contains("9-of-9.sqlite"), "{mixed}");
    std::fs::remove_file(stray).unwrap();
    std::fs::rename(&third, &elsewhere).unwrap();
    let missing = complaint(path, &["merge", "runs/smoke"]);
    assert!(missing.contains("the shards 3/4 are missing") && missing.contains("--shard 3/4"), "{missing}");
    std::fs::rename(&elsewhere, &third).unwrap();
}

#[test]
fn four_processes_of_which_one_is_killed_make_the_tables_of_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    succeed(path, &arguments("train", &[]));
    let children = ["1/4", "2/4", "4/4"].map(|shard| start(path, shard));
    kill_in_the_middle(path, "3/4", "runs/smoke/shards/3-of-4.sqlite");
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    // The killed shard lacks results, which is found before anything is written.
    let hole = complaint(path, &["merge", "runs/smoke"]);
    assert!(hole.contains("are in no shard") && hole.contains("the first is"), "{hole}");
    assert!(!path.join("runs/smoke/store.sqlite").exists());
    assert!(start(path, "3/4").wait().unwrap().success());

    wrong_shards_are_not_merged(path);
    let merged = succeed(path, &["merge", "runs/smoke"]);
    // Eight pictures, clean and four conditions, three models, two modes.
    assert!(merged.contains("240 results"), "{merged}");
    let joined = report(path);
    assert!(joined.contains_key("table1.csv") && joined.contains_key("report.html"), "{:?}", joined.keys());
    let there = complaint(path, &["merge", "runs/smoke"]);
    assert!(there.contains("--replace"), "{there}");
    // A part in the place of the whole is replaced by the whole.
    std::fs::copy(path.join("runs/smoke/shards/1-of-4.sqlite"), path.join("runs/smoke/store.sqlite"))
        .unwrap();
    assert!(report(path) != joined);
    let replaced = succeed(path, &["merge", "runs/smoke", "--replace"]);
    assert!(replaced.contains("240 results"), "{replaced}");
    assert!(report(path) == joined);

    std::fs::remove_file(path.join("runs/smoke/store.sqlite")).unwrap();
    succeed(path, &arguments("eval", &[]));
    let single = report(path);
    assert_eq!(single.keys().collect::<Vec<_>>(), joined.keys().collect::<Vec<_>>());
    for (name, bytes) in &single {
        assert!(*bytes == joined[name], "{name} differs");
    }
}

#[test]
fn wrong_shards_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |shard: &str| complaint(folder.path(), &arguments("eval", &["--shard", shard]));
    for wrong in ["0/4", "5/4", "4", "a/b"] {
        assert!(refused(wrong).contains("I/N"), "{wrong}");
    }
    let none = complaint(folder.path(), &["merge", "runs/smoke"]);
    assert!(none.contains("shards") && none.contains("--shard I/N"), "{none}");
    std::fs::write(folder.path().join("noise.sqlite"), "noise").unwrap();
    let noise = complaint(folder.path(), &["merge", "runs/smoke", "noise.sqlite"]);
    assert!(noise.contains("noise.sqlite") && noise.contains("not a readable store"), "{noise}");
    assert!(refused("1/+4").contains("expected 1/4: digits alone"));
    let many = refused("1/40");
    assert!(many.contains("1/40") && many.contains("eval.moment_blocks = 16"), "{many}");
    assert!(!folder.path().join("runs").exists(), "a refused shard begins no log");
}
