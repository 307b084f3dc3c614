//! Full disks: a command on a file system that is too small fails and says so, and with room it ends as ever.
//!
//! A file system of its own size needs a namespace of the user's own (`unshare`, Linux); where there is none, it is skipped.

use crate::compare::{difference, left};
use crate::log::Log;
use crate::options::Options;
use crate::subject::{self, Subject};
use crate::trial::Outcome;
use crate::world::{World, beside};
use rand::Rng;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Trials of each subject.
const TRIALS: u32 = 2;
/// The bytes that are certainly enough.
const ENOUGH: u64 = 512 << 20;

/// Mounts a file system of $1 bytes at $2, copies the folder $3 there, runs the program, gives it room, runs it again, and copies
/// the outcome to $4. The program follows.
const SCRIPT: &str = r#"
size=$1 disk=$2 start=$3 out=$4
shift 4
mount -t tmpfs -o size="$size" tmpfs "$disk" || exit 90
cp -a "$start"/. "$disk" || exit 91
cd "$disk" || exit 92
"$@" > "$out.first" 2>&1
first=$?
mount -o remount,size=536870912 "$disk" || exit 93
"$@" > "$out.second" 2>&1 || exit 94
cp -a "$disk"/. "$out" || exit 95
test $first = 0 && exit 80
exit 81
"#;

/// Runs every subject of one command on small disks.
pub(crate) fn trials(world: &mut World, options: &Options, log: &mut Log) {
    let allowed = Command::new("unshare").args(["-Urm", "true"]).output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        return log.line("disk: skipped, this user may not make a file system (unshare -Urm)");
    }
    let all = Options { only: None, folder: None, ..*options };
    let subjects = subject::all(&all, log);
    for subject in subjects.iter().filter(|subject| subject.commands.len() == 1 && subject.asked.is_none()) {
        for _ in 0..TRIALS {
            let outcome = trial(world, subject);
            log.count("disk", &outcome);
            let verdict = outcome.difference.as_deref().unwrap_or("the same");
            log.line(&format!("disk, {}: {verdict}", subject.name));
        }
    }
}

fn trial(world: &mut World, subject: &Subject) -> Outcome {
    let calm = world.calm(subject);
    let start = world.start(subject.start);
    let disk = world.folder().join("disk");
    let out = world.begin(subject);
    fs::remove_dir_all(&out).unwrap();
    for folder in [&disk, &out] {
        fs::create_dir_all(folder).unwrap();
    }
    let (before, after) = (size(&start), size(&world.folder().join(format!("calm-{}", subject.name))));
    let room = world.random.random_range(before + 65_536..after.max(before + 131_072));
    let words = world.command(&disk, &subject.commands[0]);
    let mut command = Command::new("unshare");
    command.args(["-Urm", "sh", "-c", SCRIPT, "sh", &room.to_string()]).args([&disk, &start, &out]);
    command.arg(words.get_program()).args(words.get_args()).env("XDG_CACHE_HOME", out.join("no-cache"));
    let status = command.env_remove("SCRIBE_SET").status().unwrap();
    let said = |which: &str| fs::read_to_string(beside(&out, which)).unwrap_or_default();
    let difference = match status.code() {
        Some(80) => difference(&calm.left, &left(&out)),
        // The last is what a command says that looks at the room before it begins.
        Some(81)
            if !["No space left", "disk is full", "are free (expected room;"]
                .iter()
                .any(|text| said("first").contains(text)) =>
        {
            Some(format!("with {room} bytes it does not say that the disk is full: {}", said("first")))
        }
        Some(81) => difference(&calm.left, &left(&out)),
        Some(94) => Some(format!("it fails with room: {}", said("second"))),
        other => Some(format!("the script ends with {other:?}")),
    };
    if difference.is_none() {
        let _ = fs::remove_dir_all(&out);
    }
    Outcome { folder: out.display().to_string(), kills: Vec::new(), difference }
}

/// Bytes of the files below a folder, in whole pages as a file system in memory counts them.
fn size(folder: &Path) -> u64 {
    let (mut bytes, mut open): (u64, Vec<PathBuf>) = (0, vec![folder.to_path_buf()]);
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap().flatten() {
            match entry.metadata().unwrap() {
                about if about.is_dir() => open.push(entry.path()),
                about => bytes += about.len().next_multiple_of(4096),
            }
        }
    }
    bytes.min(ENOUGH)
}
