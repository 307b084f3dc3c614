//! Commands that are killed at random moments, and started again, leave what an undisturbed call leaves, byte for byte.
//!
//! As an ordinary test it kills ten times. `cargo xtask torture` kills as often as it is told, also at points inside the
//! program, and fills disks; it passes what it is told in variables (`torture/options.rs`).
#![cfg(unix)]

mod common;
#[path = "torture/compare.rs"]
mod compare;
#[path = "torture/full_disk.rs"]
mod full_disk;
#[path = "torture/kill.rs"]
mod kill;
#[path = "torture/log.rs"]
mod log;
#[path = "torture/options.rs"]
mod options;
#[path = "torture/subject.rs"]
mod subject;
#[path = "torture/trial.rs"]
mod trial;
#[path = "torture/world.rs"]
mod world;

use log::Log;
use options::Options;
use rand::Rng;
use world::World;

/// The most kills of one command before it is let through.
const IN_A_ROW: u32 = 3;

#[test]
fn killed_commands_end_in_the_bytes_of_undisturbed_ones() {
    let options = Options::from_environment();
    let mut world = World::new(&options);
    let mut log = Log::new(&world, &options);
    let subjects = subject::all(&options, &mut log);
    assert!(!subjects.is_empty() || options.fills_disks(), "--only {:?} names nothing", options.only);
    let mut done = 0;
    for subject in subjects.iter().cycle() {
        if done >= options.kills {
            break;
        }
        let kills = world.random.random_range(1..=IN_A_ROW).min(options.kills - done);
        let outcome = trial::run(&mut world, subject, kills);
        done += kills;
        log.trial(done, subject, outcome);
    }
    if options.fills_disks() {
        full_disk::trials(&mut world, &options, &mut log);
    }
    if log.table() {
        world.keep();
        panic!("something was not as in an undisturbed run; its folders are in {}", world.folder().display());
    }
}
