//! Output that is closed, full or not read: the work does not depend on it, and a full disk is an error.

mod common;

use common::{complaint, run, scribe, succeed};
use std::fs::{File, OpenOptions};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// A training of a second or two.
const TRAIN: [&str; 9] = [
    "train",
    "--set",
    "data.synthetic={train=4, val=2, width=48, height=40, classes=[3, 8], seed=1}",
    "--set",
    "train.batch=2",
    "--set",
    "train.steps=2",
    "--set",
    "model.width=0.05",
];

fn full() -> File {
    OpenOptions::new().write(true).open("/dev/full").expect("the system has /dev/full")
}

/// A stream whose reader went away before anything was written.
fn closed() -> Stdio {
    let mut reader = Command::new("true").stdin(Stdio::piped()).spawn().unwrap();
    let input = reader.stdin.take().unwrap();
    reader.wait().unwrap();
    input.into()
}

/// Runs with these streams; gives the status and, where it was kept, what was complained of.
fn with(folder: &Path, arguments: &[&str], output: Stdio, errors: Stdio) -> (ExitStatus, String) {
    let child = scribe(folder, arguments).stdout(output).stderr(errors).spawn().unwrap();
    let ended = child.wait_with_output().unwrap();
    (ended.status, String::from_utf8_lossy(&ended.stderr).into_owned())
}

#[test]
fn a_log_that_cannot_be_written_does_not_end_a_training() {
    for errors in [full().into(), closed()] {
        let folder = tempfile::tempdir().unwrap();
        let (status, _) = with(folder.path(), &TRAIN, Stdio::null(), errors);
        assert!(status.success(), "{status}");
        assert!(folder.path().join("runs/smoke/train/softmax-seed1/model.safetensors").exists());
        let log = std::fs::read_to_string(folder.path().join("runs/smoke/log.txt")).unwrap();
        assert!(log.contains("2 steps, network"), "the run's folder keeps the log: {log}");
    }
}

#[test]
fn an_error_is_an_exit_code_where_nobody_can_read_it() {
    let folder = tempfile::tempdir().unwrap();
    for errors in [full().into(), closed()] {
        let (status, _) = with(folder.path(), &["report", "nowhere"], Stdio::null(), errors);
        assert_eq!(status.code(), Some(1));
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_program_quietly() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in
        [&["inspect", "authors-code"][..], &["check-paper"], &["inspect", "smoke", "paper-text"], &["--help"]]
    {
        let (status, complaint) = with(folder.path(), arguments, closed(), Stdio::piped());
        assert_eq!((status.code(), complaint.as_str()), (Some(141), ""), "{arguments:?}");
    }
}

#[test]
fn a_full_disk_under_standard_output_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    // In check-paper 1 says that something does not add up, as in diff.
    for (arguments, code) in
        [(&["inspect", "smoke"][..], 1), (&["check-paper"], 2), (&["train", "--help"], 1)]
    {
        let (status, complaint) = with(folder.path(), arguments, full().into(), Stdio::piped());
        assert_eq!(status.code(), Some(code), "{complaint}");
        assert!(complaint.starts_with("error: standard output cannot be written: "), "{complaint}");
        assert_eq!(complaint.lines().count(), 1, "{complaint}");
    }
}

#[test]
fn off_a_terminal_lines_tell_how_far_the_work_has_come() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [&TRAIN[..], &["--progress", "1", "--set", "train.steps=60"]].concat();
    let output = run(folder.path(), &arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = said.lines().find(|line| line.contains(" of 60 steps (")).unwrap_or_else(|| panic!("{said}"));
    for part in ["%), ", "/s, ", " left, loss "] {
        assert!(line.contains(part), "{line} lacks {part:?}");
    }
    let begun =
        said.split("training: 3 networks x 60 steps of 2 pictures, up to ").nth(1).unwrap_or_default();
    let size = begun.lines().next().unwrap_or_default();
    assert!(size.ends_with(" MB of files") && !size.starts_with("0.0 "), "{said}");
    assert!(!said.contains('\u{1b}'), "no colours off a terminal: {said:?}");
    let log = std::fs::read_to_string(folder.path().join("runs/smoke/log.txt")).unwrap();
    assert!(log.contains(line.trim()), "{log}");
    let quiet = [&TRAIN[..], &["--name", "quiet", "--progress", "0", "--set", "train.steps=60"]].concat();
    let output = run(folder.path(), &quiet);
    assert!(!String::from_utf8_lossy(&output.stderr).contains(" of 60 steps ("));
}

#[test]
fn a_log_filter_that_means_nothing_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let message = complaint(folder.path(), &["inspect", "smoke", "--log", "loud"]);
    assert!(
        message.contains("'loud'") && message.contains("off, error, warn, info, debug, trace"),
        "{message}"
    );
    for good in ["off", "debug", "warn,scribe_eval=debug", "scribe::stages"] {
        succeed(folder.path(), &["inspect", "smoke", "--log", good]);
    }
}
