//! One process at a time writes in a run. A killed one leaves no lock, and no results that come back.

mod common;

use common::{complaint, scribe, small, succeed};
use scribe_records::Store;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const SETTINGS: [&str; 6] = [
    "data.synthetic.val=8",
    "eval.corruptions=[\"fog\", \"contrast\"]",
    "eval.severities=[1, 2, 3, 4, 5]",
    "eval.modes=[\"single\"]",
    "eval.records=[]",
    "eval.view=squash:64",
];
/// Eight pictures, clean and ten conditions, three models.
const RESULTS: usize = 8 * 11 * 3;

fn arguments<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    small(command, &SETTINGS, more)
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    scribe(folder, arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits until `there` is so; the child must live until then.
fn wait_until(child: &mut Child, there: impl Fn() -> bool) {
    let patience = Instant::now() + Duration::from_secs(120);
    while !there() && Instant::now() < patience {
        assert!(child.try_wait().unwrap().is_none(), "it ended before");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

fn results(folder: &Path) -> usize {
    Store::open(&folder.join("runs/smoke/store.sqlite")).unwrap().completed().unwrap().len()
}

#[test]
fn whoever_comes_second_is_told_who_came_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let long = arguments("train", &["--set", "train.steps=1000000"]);
    let mut first = start(path, &long);
    wait_until(&mut first, || path.join("runs/smoke/train/ibe-seed1/metrics.jsonl").exists());
    let in_use = format!("runs/smoke: in use by process {} since 20", first.id());
    let trained = std::fs::read(path.join("runs/smoke/recipe.toml")).unwrap();
    for command in ["train", "eval", "reproduce"] {
        let said = complaint(path, &arguments(command, &[]));
        assert!(said.contains(&in_use) && said.contains("--name"), "{command}: {said}");
    }
    let said = complaint(path, &arguments("eval", &["--shard", "1/2"]));
    assert!(said.contains(&in_use), "{said}");
    let said = complaint(path, &arguments("reproduce", &["--fresh"]));
    assert!(said.contains(&in_use), "{said}");
    // Another drawn set would take the place of the one that is read.
    let said = complaint(path, &arguments("train", &["--set", "data.synthetic.seed=1"]));
    assert!(said.contains(&in_use), "{said}");
    assert_eq!(std::fs::read(path.join("runs/smoke/recipe.toml")).unwrap(), trained);
    assert!(first.try_wait().unwrap().is_none());
    kill(first);
    let said = complaint(path, &arguments("eval", &[]));
    assert!(
        said.contains("no network of Baseline") && !said.contains("in use"),
        "a killed process holds nothing: {said}"
    );
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let sent = std::process::Command::new("kill").args([name, &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
}

#[cfg(unix)]
#[test]
fn an_evaluation_is_alone_and_readers_may_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    succeed(path, &arguments("train", &[]));
    succeed(path, &arguments("eval", &["--shard", "1/2"]));
    succeed(path, &arguments("eval", &["--shard", "2/2"]));
    let index = path.join("runs/smoke/store.sqlite-shm");
    let mut first = start(path, &arguments("eval", &[]));
    // SQLite's format has `isInit` here. Before its first transaction has ended the log has no index, which nobody else can
    // make while the writer is held in the middle of it.
    let is_indexed = || std::fs::read(&index).is_ok_and(|index| index.get(12) == Some(&1));
    wait_until(&mut first, is_indexed);
    // Held in the middle of its work, whatever the machine's speed.
    signal(&first, "-STOP");
    let in_use = format!("in use by process {}", first.id());
    for second in [&arguments("eval", &[])[..], &["merge", "runs/smoke", "--replace"]] {
        let said = complaint(path, second);
        assert!(said.contains(&in_use), "{said}");
    }
    succeed(path, &["export", "runs/smoke", "--format", "csv", "--out", "out"]);
    signal(&first, "-CONT");
    assert!(first.wait().unwrap().success());
    assert_eq!(results(path), RESULTS);
}

/// Evaluates until results wait next to the store, and kills it. One that was done before it was looked at, on a busy
/// machine, is made again from nothing.
fn killed_evaluation(path: &Path) {
    let [store, wal] = ["store.sqlite", "store.sqlite-wal"].map(|name| path.join("runs/smoke").join(name));
    for _ in 0..20 {
        let mut child = start(path, &arguments("eval", &[]));
        let waiting = || std::fs::metadata(&wal).is_ok_and(|found| found.len() > 40_000);
        while !waiting() && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        kill(child);
        if waiting() {
            return;
        }
        std::fs::remove_file(&store).unwrap();
    }
    panic!("no evaluation was seen at work");
}

#[test]
fn a_merge_in_a_killed_run_has_all_results() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    succeed(path, &arguments("train", &[]));
    succeed(path, &arguments("eval", &["--shard", "1/2"]));
    succeed(path, &arguments("eval", &["--shard", "2/2"]));
    killed_evaluation(path);
    let said = succeed(path, &["merge", "runs/smoke", "--replace"]);
    assert!(said.contains(&format!("{RESULTS} results")), "{said}");
    assert_eq!(results(path), RESULTS, "and they are still there");
}

#[test]
fn the_results_of_a_removed_store_do_not_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    succeed(path, &arguments("train", &[]));
    killed_evaluation(path);
    std::fs::remove_file(path.join("runs/smoke/store.sqlite")).unwrap();
    let output = scribe(path, &arguments("eval", &["--set", "eval.view=squash:48"])).output().unwrap();
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && log.contains("done_before=0"), "{log}");
    assert_eq!(results(path), RESULTS);
}
