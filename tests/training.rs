//! `scribe train`: what it leaves, where it may start from, and Ctrl-C.

mod common;

use common::{complaint, scribe, small, succeed};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// One narrow model for some steps, validated after each epoch of two.
fn arguments<'a>(steps: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let assignments = [
        "data.synthetic.train=8",
        "data.synthetic.val=3",
        "train.validate_every=1",
        "eval.view=squash:48",
        steps,
    ];
    small("train", &assignments, more)
}

const FOUR: &str = "train.steps=4";

#[test]
fn the_best_network_stays_and_others_may_start_from_it() {
    let folder = tempfile::tempdir().unwrap();
    succeed(folder.path(), &arguments(FOUR, &["--seed", "3"]));
    let trained = folder.path().join("runs/smoke/train/ibe-seed3");
    for name in ["model.safetensors", "best.safetensors", "metrics.jsonl", "events.out.tfevents.0.scribe"] {
        assert!(trained.join(name).is_file(), "{name}");
    }
    let metrics = std::fs::read_to_string(trained.join("metrics.jsonl")).unwrap();
    let validated: Vec<_> = metrics.lines().map(|line| line.contains("miou")).collect();
    assert_eq!(validated, [false, true, false, true]);

    let best = trained.join("best.safetensors");
    let from_best = ["--seed", "3", "--name", "tuned", "--init", best.to_str().unwrap()];
    succeed(folder.path(), &arguments(FOUR, &from_best));
    let tuned = folder.path().join("runs/tuned/train/ibe-seed3/model.safetensors");
    assert_ne!(std::fs::read(&tuned).unwrap(), std::fs::read(trained.join("model.safetensors")).unwrap());
    let message = complaint(folder.path(), &arguments(FOUR, &["--seed", "3", "--name", "tuned"]));
    assert!(message.contains("another"), "the run started from other weights: {message}");
}

#[test]
fn resuming_needs_something_to_go_on_from() {
    let folder = tempfile::tempdir().unwrap();
    let message = complaint(folder.path(), &arguments(FOUR, &["--resume"]));
    assert!(message.contains("nothing to resume from"), "{message}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_saves_and_the_same_command_ends_in_the_same_bytes() {
    let (calm, rough) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let many = arguments("train.steps=60", &[]);
    succeed(calm.path(), &many);
    let mut child = scribe(rough.path(), &many).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    wait_for(&rough.path().join("runs/smoke/train/softmax-seed1/metrics.jsonl"));
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "it was stopped long before its end:\n{said}");
    assert!(said.contains("the same command resumes"), "{said}");
    let mut resumed = many.clone();
    resumed.push("--resume");
    succeed(rough.path(), &resumed);
    for model in ["softmax", "ibe", "scribe"] {
        let network = |folder: &Path| {
            std::fs::read(folder.join(format!("runs/smoke/train/{model}-seed1/model.safetensors"))).unwrap()
        };
        assert_eq!(network(calm.path()), network(rough.path()), "{model}");
    }
}

#[cfg(unix)]
#[test]
fn sigterm_saves_too_and_a_terminal_that_hangs_up_under_nohup_is_not_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let program = "trap '' HUP; exec \"$0\" \"$@\"";
    let mut child = std::process::Command::new("sh")
        .args(["-c", program, env!("CARGO_BIN_EXE_scribe")])
        .args(arguments("train.steps=600", &[]))
        .current_dir(folder.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for(&folder.path().join("runs/smoke/train/softmax-seed1/metrics.jsonl"));
    let kill = |signal: &str| {
        let kill = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(kill.unwrap().success());
    };
    kill("-HUP");
    std::thread::sleep(Duration::from_millis(300));
    kill("-TERM");
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(143), "{said}");
    assert!(said.contains("the same command resumes"), "{said}");
    let log = std::fs::read_to_string(folder.path().join("runs/smoke/log.txt")).unwrap();
    assert!(
        log.contains("error: ") && log.contains("the same command resumes"),
        "the log says why it ended: {log}"
    );
}

#[cfg(unix)]
fn wait_for(path: &Path) {
    let patience = Instant::now() + Duration::from_secs(60);
    while !path.exists() && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(5));
    }
}
