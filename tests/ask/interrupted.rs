//! Either side may be killed: what was counted is kept, and only the rest is asked.

use crate::common::{complaint, scribe, succeed};
use crate::equal::write_files;
use crate::rows::rows;
use crate::world::{CONDITIONS, PICTURES, SETTINGS, World, asking, words};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(60);

fn wait_for(what: &str, mut there: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !there() {
        assert!(begun.elapsed() < PATIENCE, "{what} after {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Asks a slow program until it was asked for a picture beyond the probes. `pid` is the file that gets its process id.
fn started(world: &World, name: &str, pid: &str) -> Child {
    let slow = format!("sleep=0.3 count={pid}.txt pid={pid}.pid");
    let mut command = scribe(world.path(), &words(&asking(name, &slow, &[])));
    let scribe = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let file = format!("{pid}.txt");
    wait_for("no first answer", || world.lines(&file) > PICTURES);
    scribe
}

fn signal(name: &str, process: &str) -> bool {
    let kill = Command::new("kill").args([name, process]).stderr(Stdio::null()).status();
    kill.is_ok_and(|status| status.success())
}

/// The process id that a program wrote.
fn process(world: &World, pid: &str) -> String {
    std::fs::read_to_string(world.path().join(format!("{pid}.pid"))).unwrap().trim().to_owned()
}

/// Waits until the program that wrote its process id has ended.
fn wait_for_its_end(world: &World, pid: &str) {
    wait_for("the program is still there", || !signal("-0", &process(world, pid)));
}

/// Goes on, and compares the rows with those of files of the same predictions.
fn goes_on(world: &World, name: &str) {
    let folder = world.path();
    succeed(folder, &words(&asking(name, "", &[])));
    write_files(folder, world);
    let entered = ["--predictions", "P", "--as", "red", "--name", "files", "--corrupted", "C"];
    succeed(folder, &[&["eval"], &SETTINGS[..], &entered].concat());
    assert!(rows(folder, name) == rows(folder, "files"));
}

#[test]
fn a_program_that_is_killed() {
    let Some(world) = World::new() else { return };
    // The probes, and the first picture under all conditions; it dies when it is asked for the second.
    let dies = format!("die={} count=first.txt", PICTURES + CONDITIONS + 1);
    let message = complaint(world.path(), &words(&asking("killed", &dies, &[])));
    for part in [
        "error: model red: python3 net.py",
        "ended ",
        "while it was asked for picture ",
        "its last lines: a network of 110 | killed",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert_eq!(world.lines("first.txt"), PICTURES + CONDITIONS);
    let log = std::fs::read_to_string(world.path().join("runs/killed/log.txt")).unwrap();
    assert!(log.contains("red: a network of 110"), "{log}");
    succeed(world.path(), &words(&asking("killed", "count=second.txt", &[])));
    assert_eq!(world.lines("second.txt"), PICTURES + (PICTURES - 1) * CONDITIONS);
    goes_on(&world, "killed");
}

#[test]
fn an_evaluation_that_is_killed() {
    let Some(world) = World::new() else { return };
    let mut scribe = started(&world, "killed", "first");
    scribe.kill().unwrap();
    scribe.wait().unwrap();
    wait_for_its_end(&world, "first");
    goes_on(&world, "killed");
}

/// Each side once, without a chance to clean up.
#[test]
fn both_are_killed_one_after_the_other() {
    let Some(world) = World::new() else { return };
    let mut scribe = started(&world, "killed", "first");
    scribe.kill().unwrap();
    scribe.wait().unwrap();
    wait_for_its_end(&world, "first");
    let mut scribe = started(&world, "killed", "second");
    assert!(signal("-KILL", &process(&world, "second")));
    assert_eq!(scribe.wait().unwrap().code(), Some(1));
    goes_on(&world, "killed");
}

#[test]
fn a_signal_ends_both() {
    let Some(world) = World::new() else { return };
    let mut scribe = started(&world, "stopped", "stopped");
    assert!(signal("-INT", &scribe.id().to_string()));
    assert_eq!(scribe.wait().unwrap().code(), Some(130));
    wait_for_its_end(&world, "stopped");
    goes_on(&world, "stopped");
}
