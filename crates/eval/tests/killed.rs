//! kill -9 in the middle: the store of the run that went on has the rows of one that was never killed.
//!
//! The test starts itself as a second process, kills that, and goes on; so it has a `main` of its own.

mod common;

use common::*;
use scribe_eval::run;
use scribe_records::Store;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// How long the second process may take for its first inputs.
const PATIENCE: Duration = Duration::from_secs(60);

fn main() {
    let mut args = std::env::args().skip(1);
    if args.next().as_deref() == Some("evaluate") {
        let path = args.next().expect("the store's path follows");
        return evaluate(Path::new(&path));
    }
    let dir = tempfile::tempdir().unwrap();
    let (killed, whole) = (dir.path().join("killed.sqlite"), dir.path().join("whole.sqlite"));
    // The store is made here, so that it can be watched from the first moment.
    Store::create(&killed, &manifest(&World::new().pass())).unwrap().close().unwrap();
    let done = kill_in_the_middle(&killed);
    assert!((2..20).contains(&done), "{done} of 20 inputs were there: the kill came too early or too late");
    evaluate(&killed);
    evaluate(&whole);
    assert_eq!(rows(&killed), rows(&whole));
    eprintln!("killed after {done} of 20 inputs, went on, and ended with the same rows");
}

fn evaluate(path: &Path) {
    let world = World::new();
    let mut pass = world.pass();
    pass.batch = 1;
    let mut store = Store::open_or_resume(path, &manifest(&pass)).unwrap();
    run(&pass, &mut store).unwrap();
    store.close().unwrap();
}

/// Ends a second process when it has committed two inputs; says how many it left.
fn kill_in_the_middle(path: &Path) -> usize {
    let me = std::env::current_exe().unwrap();
    let mut process = Command::new(me).arg("evaluate").arg(path).spawn().unwrap();
    let begun = Instant::now();
    loop {
        let done = Store::open(path).map(|store| store.inputs().unwrap().len()).unwrap_or(0);
        if done >= 2 {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "no second input after {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(2));
    }
    process.kill().unwrap();
    process.wait().unwrap();
    Store::open(path).unwrap().inputs().unwrap().len()
}
