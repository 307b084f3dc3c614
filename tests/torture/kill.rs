//! Ends a process without a chance to clean up.

use crate::subject::Subject;
use crate::world::{Calm, World, beside};
use rand::Rng;
use scribe_base::kill_point::KILL_AT;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How a process ends.
#[derive(Clone, Debug)]
pub(crate) enum Kill {
    /// SIGKILL after this time, counted over all commands.
    After(Duration),
    /// By itself, where its command reaches its n-th kill point, of this name.
    At { command: usize, number: usize, name: String },
}

impl Kill {
    /// A moment of an undisturbed call, or, every other time where the program has them, one of its kill points. Each name has
    /// the same chance, however often it is reached.
    pub(crate) fn draw(random: &mut impl Rng, subject: &Subject, calm: &Calm) -> Kill {
        let command = random.random_range(0..calm.points.len());
        let points = &calm.points[command];
        let names: Vec<&String> = points.iter().collect::<BTreeSet<_>>().into_iter().collect();
        if names.is_empty() || subject.asked.is_some() || random.random_bool(0.5) {
            return Kill::After(calm.duration.mul_f64(random.random()));
        }
        let name = names[random.random_range(0..names.len())];
        let places: Vec<usize> = (0..points.len()).filter(|place| &points[*place] == name).collect();
        let number = 1 + places[random.random_range(0..places.len())];
        Kill::At { command, number, name: name.clone() }
    }

    /// How a log calls it.
    pub(crate) fn text(&self) -> String {
        match self {
            Kill::After(time) => format!("after {} ms", time.as_millis()),
            Kill::At { command, number, name } => format!("command {}, point {number}: {name}", command + 1),
        }
    }
}

/// Runs the subject's commands until one is killed. Returns whether one was at work, and did not end before.
pub(crate) fn run_and_kill(
    world: &World,
    subject: &Subject,
    folder: &Path,
    kill: &Kill,
) -> Result<bool, String> {
    // The process id of an earlier call may be somebody else's by now.
    let _ = std::fs::remove_file(folder.join("net.pid"));
    let begun = Instant::now();
    for (number, arguments) in subject.commands.iter().enumerate() {
        let mut command = world.command(folder, arguments);
        let ends = match kill {
            Kill::At { command: wanted, number: point, .. } => {
                if *wanted == number {
                    command.env(KILL_AT, point.to_string());
                }
                command.status().unwrap().success()
            }
            Kill::After(time) => {
                let until = begun + *time;
                wait(command.spawn().unwrap(), until, subject, folder)
            }
        };
        if !ends {
            return settled(subject, folder).map(|()| true);
        }
    }
    Ok(false)
}

/// Whether the process ended by itself before the moment; otherwise it, or the program that it asks, is killed.
fn wait(mut child: Child, until: Instant, subject: &Subject, folder: &Path) -> bool {
    while Instant::now() < until {
        if let Some(status) = child.try_wait().unwrap() {
            return status.success();
        }
        std::thread::sleep(Duration::from_millis(1).min(until.saturating_duration_since(Instant::now())));
    }
    match subject.asked.map(|file| std::fs::read_to_string(folder.join(file)).unwrap_or_default()) {
        // Where the program has not begun yet, scribe goes on.
        Some(process) => drop(signal("-KILL", process.trim())),
        None => drop(child.kill()),
    }
    child.wait().unwrap().success()
}

fn signal(name: &str, process: &str) -> bool {
    let sent = Command::new("kill").args([name, process]).stderr(Stdio::null()).status();
    !process.is_empty() && sent.is_ok_and(|status| status.success())
}

/// Waits for the end of the program that a killed scribe had asked: it sees that nobody asks any more.
fn settled(subject: &Subject, folder: &Path) -> Result<(), String> {
    if !subject.name.starts_with("ask") {
        return Ok(());
    }
    let Ok(process) = std::fs::read_to_string(folder.join("net.pid")) else { return Ok(()) };
    let patience = Instant::now() + Duration::from_secs(60);
    while signal("-0", process.trim()) {
        if Instant::now() > patience {
            return Err(format!(
                "the asked program outlives scribe; see {}",
                beside(folder, "said.txt").display()
            ));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
