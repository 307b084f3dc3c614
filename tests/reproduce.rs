//! Options of `scribe reproduce` and `scribe report`: `--fresh`, `--resume`, `--dry-run` and `--out`.

mod common;

use common::{complaint, run, small, succeed, tree};
use std::path::Path;

/// The whole path in a few seconds.
const SETTINGS: [&str; 7] = [
    "data.synthetic={train=4, val=2, width=48, height=40, classes=[3, 8], seed=1}",
    "train.batch=2",
    "train.steps=2",
    "eval.corruptions=[\"contrast\"]",
    "eval.severities=[1, 5]",
    "eval.modes=[\"single\"]",
    "eval.view=squash:48",
];

fn arguments<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    small(command, &SETTINGS, more)
}

#[test]
fn a_report_goes_where_it_was_asked_for_and_leaves_the_run_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &arguments("reproduce", &[]));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("WARN"), "no library warns of what is drawn:\n{said}");
    let root = folder.path().join("runs/smoke");
    let before = tree(&root);
    let told = succeed(folder.path(), &["report", "runs/smoke", "--out", "elsewhere/page"]);
    assert!(told.contains("files in elsewhere/page; read elsewhere/page/report.html"), "{told}");
    assert!(tree(&root) == before, "the run's folder changed");
    // Asked again for less, nothing is left to do, and the recipe next to the results stays the one that made them.
    let recipe = std::fs::read(root.join("recipe.toml")).unwrap();
    succeed(folder.path(), &arguments("reproduce", &["--set", "eval.severities=[1]"]));
    assert!(std::fs::read(root.join("recipe.toml")).unwrap() == recipe, "the recipe of other results");
    let page = folder.path().join("elsewhere/page");
    for name in ["report.html", "table1.md", "table2.csv", "cells.csv", "fig5.png"] {
        assert!(page.join(name).is_file(), "{name}");
    }
    let read = |folder: &Path| std::fs::read(folder.join("table1.csv")).unwrap();
    assert!(read(&page) == read(&root));
    let html = std::fs::read_to_string(page.join("report.html")).unwrap();
    assert!(html.contains("scribe report RUN --out ."), "the page says how it is made again");
}

#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_is_an_error_with_the_path_and_nothing_half_written_stays() {
    let folder = tempfile::tempdir().unwrap();
    succeed(folder.path(), &arguments("reproduce", &[]));
    // A limit on the size of a file (160 x 512 bytes) stands for the full disk: the write is refused in the middle.
    let limited = |arguments: &[&str]| {
        let program = "trap '' XFSZ; ulimit -f 160; exec \"$0\" \"$@\"";
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", program, env!("CARGO_BIN_EXE_scribe")]).args(arguments).current_dir(folder.path());
        let output = shell.output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let message = limited(&["report", "runs/smoke", "--out", "page"]);
    assert!(message.contains("error: ") && message.contains("page/"), "{message}");
    let message = limited(&["export", "runs/smoke", "--format", "csv", "--out", "tables"]);
    assert!(message.contains("error: ") && message.contains("tables/"), "{message}");
    for name in ["page", "tables"] {
        for (path, bytes) in tree(&folder.path().join(name)) {
            let half = Path::new(&path).file_name().unwrap().to_string_lossy().starts_with('.');
            assert!(!half && bytes.len() <= 160 * 512, "{path} stayed");
        }
    }
}

#[test]
fn fresh_removes_a_run_only_when_that_is_meant() {
    let folder = tempfile::tempdir().unwrap();
    succeed(folder.path(), &arguments("reproduce", &[]));
    let root = folder.path().join("runs/smoke");
    let before = tree(&root);
    let message = complaint(folder.path(), &arguments("reproduce", &["--fresh"]));
    for part in ["runs/smoke: an earlier run, ", " files, ", " MB", "--yes"] {
        assert!(message.contains(part), "{message} lacks {part:?}");
    }
    assert!(tree(&root) == before, "nothing is removed without a yes");
    std::fs::write(root.join("old.txt"), "of the earlier run").unwrap();
    succeed(folder.path(), &arguments("reproduce", &["--fresh", "--yes"]));
    assert!(!root.join("old.txt").exists() && root.join("report.html").exists());
    // What no run has made is not removed, whatever was said.
    std::fs::remove_file(root.join("recipe.toml")).unwrap();
    let message = complaint(folder.path(), &arguments("reproduce", &["--fresh", "--yes"]));
    assert!(message.contains("no recipe.toml"), "{message}");
    assert!(root.join("report.html").exists());
}

#[test]
fn a_slip_of_the_fingers_never_leads_to_fresh() {
    let folder = tempfile::tempdir().unwrap();
    for slip in ["--refresh", "--frsh", "--frech", "--fres"] {
        let output = run(folder.path(), &["reproduce", slip]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(slip) && !message.contains("--fresh"), "{message}");
    }
    let message = complaint(folder.path(), &["reproduce", "--resme"]);
    assert!(message.contains("'--resume'"), "other tips stay: {message}");
    let message = complaint(folder.path(), &arguments("reproduce", &["--resume"]));
    assert!(message.contains("nothing to resume from"), "{message}");
    succeed(folder.path(), &arguments("reproduce", &[]));
    succeed(folder.path(), &arguments("reproduce", &["--resume"]));
    complaint(folder.path(), &["reproduce", "--resume", "--fresh"]);
}

#[test]
fn a_dry_run_counts_and_measures_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let told = succeed(folder.path(), &arguments("reproduce", &["--dry-run"]));
    for part in [
        "run runs/smoke (is new)",
        "4 to train on, 2 to test on, which would be drawn",
        "3 networks x 2 steps of 2 pictures",
        "6 of 6 steps left",
        "2 pictures x 3 conditions x 3 networks x 1 mode, 18 of 18 predictions left",
        " are free",
        "in all about ",
        "nothing was done",
    ] {
        assert!(told.contains(part), "lacks {part:?}:\n{told}");
    }
    assert!(!folder.path().join("runs").exists());
    succeed(folder.path(), &arguments("train", &[]));
    let before = tree(folder.path());
    let told = succeed(folder.path(), &arguments("train", &["--dry-run"]));
    assert!(told.contains("(exists and resumes)") && told.contains("0 of 6 steps left"), "{told}");
    let told = succeed(folder.path(), &arguments("eval", &["--dry-run", "--shard", "1/2"]));
    assert!(told.contains(" predictions left"), "{told}");
    // What the call itself would refuse is not promised.
    let message = complaint(folder.path(), &arguments("train", &["--dry-run", "--set", "train.batch=30"]));
    let short = "train.batch = 30: the training list has 4 pictures (expected a batch of at most 4, or a longer list)";
    assert!(message.contains(short), "{message}");
    let message = complaint(folder.path(), &arguments("reproduce", &["--dry-run", "--set", "train.steps=8"]));
    assert!(message.contains("train.steps: 2 -> 8") && message.contains("--name"), "{message}");
    assert!(tree(folder.path()) == before, "a dry run leaves everything as it is");
}

#[test]
fn a_dry_run_refuses_the_starting_weights_that_the_call_refuses() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("junk.safetensors"), b"junk").unwrap();
    const PRETRAINED: [&str; 2] = ["--set", "train.pretrained=true"];
    let cases = [
        (&PRETRAINED[..], "give --backbone FILE"),
        (
            &[&PRETRAINED[..], &["--backbone", "none.safetensors"]].concat(),
            "none.safetensors: cannot be read",
        ),
        (&[&PRETRAINED[..], &["--backbone", "junk.safetensors"]].concat(), "junk.safetensors"),
        (&["--backbone", "junk.safetensors"], "would not read it"),
    ];
    for command in ["train", "reproduce"] {
        for (given, says) in &cases {
            let dry = complaint(folder.path(), &arguments(command, &[*given, &["--dry-run"]].concat()));
            assert!(dry.contains(says), "{command} {given:?}: {dry}");
            assert_eq!(dry, complaint(folder.path(), &arguments(command, given)), "{command} {given:?}");
        }
    }
    let dry = complaint(folder.path(), &arguments("train", &["--dry-run", "--init", "none.safetensors"]));
    assert!(dry.contains("none.safetensors: cannot be read"), "{dry}");
}
