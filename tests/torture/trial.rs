//! One trial: some kills in a row, then the call that is let through, and the comparison.

use crate::compare::{difference, left, unsound};
use crate::kill::{Kill, run_and_kill};
use crate::subject::Subject;
use crate::world::{World, beside};
use std::fs;

/// What a trial found.
pub(crate) struct Outcome {
    /// Its folder, which stays where something differs.
    pub(crate) folder: String,
    /// Every kill, and whether it hit a process at work.
    pub(crate) kills: Vec<(Kill, bool)>,
    /// What is not as it should be.
    pub(crate) difference: Option<String>,
}

/// Kills the subject so often, lets it through, and compares.
pub(crate) fn run(world: &mut World, subject: &Subject, kills: u32) -> Outcome {
    let calm = world.calm(subject);
    let folder = world.begin(subject);
    let mut outcome = Outcome { folder: folder.display().to_string(), kills: Vec::new(), difference: None };
    for _ in 0..kills {
        let kill = Kill::draw(&mut world.random, subject, &calm);
        let hit = run_and_kill(world, subject, &folder, &kill);
        outcome.kills.push((kill, *hit.as_ref().unwrap_or(&true)));
        outcome.difference = hit.err().or_else(|| unsound(&folder));
        if outcome.difference.is_some() {
            return outcome;
        }
    }
    let finished = world.finish(&folder, &subject.commands);
    outcome.difference = finished.err().or_else(|| difference(&calm.left, &left(&folder)));
    if outcome.difference.is_none() {
        let _ = fs::remove_dir_all(&folder);
        let _ = fs::remove_file(beside(&folder, "said.txt"));
    }
    outcome
}
