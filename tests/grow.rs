//! A run that grows: a model, a training seed, a corruption and a mode that are added later cost only themselves.

mod common;

use common::{complaint, run, small, succeed};
use scribe_records::{Filter, Store};
use std::path::Path;

const SMOKE: &str = include_str!("../recipes/smoke.toml");

/// The smoke recipe with its first `models` models only.
fn recipe(folder: &Path, models: usize) {
    let (head, rest) = SMOKE.split_once("[[models]]").unwrap();
    let (all, tail) = rest.split_once("[train]").unwrap();
    let kept: String = all.split("[[models]]").take(models).map(|one| format!("[[models]]{one}")).collect();
    std::fs::write(folder.join("growing.toml"), format!("{head}{kept}[train]{tail}")).unwrap();
}

fn arguments<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    small(command, &["eval.scales=[0.5, 1.0]"], &[&["--recipe", "growing.toml"], more].concat())
}

/// Evaluates, and returns what the log says: the predictions made and those found.
fn evaluate(folder: &Path, more: &[&str]) -> (usize, usize) {
    succeed(folder, &arguments("train", more));
    let output = run(folder, &arguments("eval", more));
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{log}");
    let number = |name: &str| {
        let after = log.split(&format!("{name}=")).nth(1).unwrap_or_else(|| panic!("no {name} in {log}"));
        after.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap()
    };
    (number("predictions"), number("done_before"))
}

#[test]
fn what_comes_later_costs_only_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let first = ["--set", "eval.corruptions=[\"contrast\"]", "--set", "eval.severities=[3]"];
    let single = [&first[..], &["--set", "eval.modes=[\"single\"]"]].concat();
    recipe(path, 2);
    // Two pictures, clean and one condition.
    assert_eq!(evaluate(path, &single), (2 * 2 * 2, 0));
    let store = || Store::open(&path.join("runs/smoke/store.sqlite")).unwrap();
    let before = store().confusions(&Filter::all()).unwrap();
    let inputs = store().inputs().unwrap();

    recipe(path, 3);
    assert_eq!(evaluate(path, &single), (2 * 2, 8), "a model");
    let seeds = [&single[..], &["--set", "seeds=[1, 2]"]].concat();
    assert_eq!(evaluate(path, &seeds), (2 * 2 * 3, 12), "a training seed");
    let modes = [&first[..], &["--set", "seeds=[1, 2]"]].concat();
    assert_eq!(evaluate(path, &modes), (2 * 2 * 6, 24), "a mode");
    let more =
        ["--set", "eval.corruptions=[\"contrast\", \"brightness\"]", "--set", "eval.severities=[3, 4]"];
    let more = [&more[..], &["--set", "seeds=[1, 2]"]].concat();
    assert_eq!(evaluate(path, &more), (2 * 3 * 12, 48), "a corruption and a severity");
    assert_eq!(evaluate(path, &more), (0, 120), "nothing is left");

    let after = store().confusions(&Filter::all()).unwrap();
    assert_eq!(after.len(), 120);
    assert!(before.iter().all(|(key, cells)| after[key] == *cells), "what was there is as it was");
    assert_eq!(store().inputs().unwrap()[..inputs.len()], inputs[..]);

    // What decides results is not added but refused, key by key.
    let other = [&more[..], &["--set", "eval.calibration_bins=10", "--set", "eval.records=[]"]].concat();
    let message = complaint(path, &arguments("eval", &other));
    assert!(message.contains("eval.calibration_bins: 15 -> 10"), "{message}");
    assert!(message.contains("eval.records: [\"moments\"") && message.contains("-> []"), "{message}");
    assert!(!message.contains("eval.view"), "only what differs: {message}");
}
