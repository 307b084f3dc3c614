//! `scribe train` in two processes, as a launcher starts them.

mod common;

use common::scribe;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// One narrow model on drawn pictures; three pictures of every batch of seven on rank 0, four on rank 1.
const TRAIN: [&str; 19] = [
    "train",
    "--seed",
    "3",
    "--set",
    "data.synthetic.train=14",
    "--set",
    "data.synthetic.val=3",
    "--set",
    "train.batch=7",
    "--set",
    "train.steps=3",
    "--set",
    "train.validate_every=1",
    "--set",
    "model.width=0.05",
    "--set",
    "eval.view=squash:48",
    "--threads",
    "1",
];

fn free_port() -> u16 {
    let listener = TcpListener::bind(("localhost", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// Starts a rank of two with torchrun's variables.
fn start(folder: &Path, port: u16, rank: usize, more: &[&str]) -> Child {
    command(folder, port, rank, more).spawn().unwrap()
}

fn command(folder: &Path, port: u16, rank: usize, more: &[&str]) -> Command {
    let mut command = scribe(folder, &TRAIN);
    command
        .args(more)
        .env("RANK", rank.to_string())
        .env("WORLD_SIZE", "2")
        .env("LOCAL_RANK", rank.to_string());
    command.env("MASTER_ADDR", "localhost").env("MASTER_PORT", port.to_string());
    command.env_remove("SCRIBE_TOKEN").stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn two(folder: &Path, more: &[&str]) {
    let port = free_port();
    let ranks = [0, 1].map(|rank| start(folder, port, rank, more));
    for rank in ranks {
        let output = rank.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
    }
}

#[test]
fn rank_0_writes_what_a_single_process_writes_and_goes_on_the_same() {
    let (calm, rough) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    two(calm.path(), &[]);
    let trained = |folder: &Path| folder.join("runs/smoke/train/scribe-seed3");
    for name in ["model.safetensors", "best.safetensors", "metrics.jsonl", "finished.json"] {
        assert!(trained(calm.path()).join(name).is_file(), "{name}");
    }
    let metrics = std::fs::read_to_string(trained(calm.path()).join("metrics.jsonl")).unwrap();
    assert_eq!(metrics.lines().count(), 3, "each step once:\n{metrics}");

    // Finished trainings are left alone, by all processes alike.
    let bytes = |folder: &Path| std::fs::read(trained(folder).join("model.safetensors")).unwrap();
    let first = bytes(calm.path());
    two(calm.path(), &["--resume"]);
    assert_eq!(bytes(calm.path()), first);

    // One process is killed while they train; what is there resumes and ends in the same bytes.
    let port = free_port();
    let [zero, mut one] = [0, 1].map(|rank| start(rough.path(), port, rank, &[]));
    let there = rough.path().join("runs/smoke/train/ibe-seed3/metrics.jsonl");
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !there.exists() && std::time::Instant::now() < patience {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    one.kill().unwrap();
    one.wait().unwrap();
    let zero = zero.wait_with_output().unwrap();
    if !zero.status.success() {
        assert!(said(&zero).contains("rank 1 is gone"), "{}", said(&zero));
    }
    two(rough.path(), &[]);
    assert!(bytes(rough.path()) == first, "the networks differ");
}

#[test]
fn what_one_process_lacks_all_hear() {
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let ranks = [
        start(folder.path(), port, 0, &[]),
        start(folder.path(), port, 1, &["--set", "train.weight_decay=0.5"]),
    ];
    for rank in ranks {
        let output = rank.wait_with_output().unwrap();
        assert!(!output.status.success());
        assert!(said(&output).contains("the training of rank 1 is"), "{}", said(&output));
    }
}

#[test]
fn processes_of_another_token_or_run_are_refused_and_the_first_goes_on_waiting() {
    let (folder, port) = (tempfile::tempdir().unwrap(), free_port());
    let with_token = |rank, token: &str, more: &[&str]| {
        command(folder.path(), port, rank, more).env("SCRIBE_TOKEN", token).spawn().unwrap()
    };
    let mut zero = with_token(0, "ours", &["--name", "a"]);
    let strangers =
        [with_token(1, "theirs", &["--name", "a"]), start(folder.path(), port, 1, &["--name", "a"])];
    for stranger in strangers {
        let output = stranger.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains("rank 1 knows another word than rank 0"), "{}", said(&output));
    }
    assert!(zero.try_wait().unwrap().is_none(), "rank 0 still waits");
    // With the word, the name of the run does not matter: what is trained is compared afterwards.
    let one = with_token(1, "ours", &["--name", "b"]).wait_with_output().unwrap();
    assert!(one.status.success(), "{}", said(&one));
    assert!(zero.wait().unwrap().success());
}

#[test]
fn wrong_variables_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let output = scribe(folder.path(), &TRAIN).env("RANK", "2").env("WORLD_SIZE", "2").output().unwrap();
    assert!(!output.status.success());
    assert!(said(&output).contains("expected a rank below WORLD_SIZE = 2"), "{}", said(&output));
    let taken = TcpListener::bind(("localhost", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let output = start(folder.path(), port, 0, &[]).wait_with_output().unwrap();
    assert!(said(&output).contains(&format!("cannot listen on port {port}")), "{}", said(&output));
}
