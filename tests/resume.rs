//! `scribe reproduce` on a very small drawn set, undisturbed and killed at several moments, ends in the same bytes.

mod common;

use common::{scribe, small, succeed};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

const SETTINGS: [&str; 7] = [
    "data.synthetic.train=8",
    "data.synthetic.val=3",
    "train.steps=30",
    "eval.corruptions=[\"gaussian_noise\", \"fog\"]",
    "eval.severities=[1, 5]",
    "eval.scales=[0.5, 1.0]",
    "eval.view=squash:48",
];

fn reproduce<'a>(more: &[&'a str]) -> Vec<&'a str> {
    small("reproduce", &SETTINGS, more)
}

/// Files whose bytes must not depend on how often the run was killed.
const RESULTS: [&str; 12] = [
    "table1.csv",
    "table1.md",
    "table2.csv",
    "table2.md",
    "differences.csv",
    "measures.csv",
    "findings.md",
    "label_pixels.json",
    "fig4.svg",
    "fig5.svg",
    "fig5.png",
    "report.html",
];

/// Kills the run as soon as `there` exists (and a little later), without a chance to clean up.
fn kill_when(folder: &Path, there: &str, later: Duration) {
    let mut child =
        scribe(folder, &reproduce(&[])).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(120);
    while !folder.join("runs/smoke").join(there).exists() && Instant::now() < patience {
        if child.try_wait().unwrap().is_some() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(later);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_killed_run_ends_in_the_same_tables() {
    let (calm, rough) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let printed = succeed(calm.path(), &reproduce(&[]));
    assert!(printed.contains("Table 1") && printed.contains("Table 2"), "{printed}");
    kill_when(rough.path(), "train/ibe-seed1/metrics.jsonl", Duration::from_millis(150));
    kill_when(rough.path(), "store.sqlite", Duration::from_millis(100));
    kill_when(rough.path(), "store.sqlite", Duration::from_millis(300));
    assert_eq!(succeed(rough.path(), &reproduce(&[])), printed);
    for name in RESULTS {
        let read = |folder: &Path| std::fs::read(folder.join("runs/smoke").join(name)).unwrap();
        assert!(read(calm.path()) == read(rough.path()), "{name} differs");
    }
    let labels = std::fs::read_to_string(calm.path().join("runs/smoke/label_pixels.json")).unwrap();
    assert!(labels.contains("\"pictures\": 8"), "{labels}");
    let network = "runs/smoke/train/scribe-seed1/model.safetensors";
    let read = |folder: &Path| std::fs::read(folder.join(network)).unwrap();
    assert!(read(calm.path()) == read(rough.path()), "the network differs");
}

#[test]
fn a_store_of_another_recipe_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    succeed(folder.path(), &reproduce(&[]));
    let arguments = reproduce(&["--set", "eval.master_seed=7"]);
    let message = common::complaint(folder.path(), &arguments);
    assert!(message.contains("master_seed"), "{message}");
}
