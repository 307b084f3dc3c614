//! Says how far the torture has come, and what it found.

use crate::options::Options;
use crate::subject::Subject;
use crate::trial::Outcome;
use crate::world::World;
use scribe_base::human;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

/// How often a line says how far it has come.
const EVERY: Duration = Duration::from_secs(10);

/// The numbers of one subject.
#[derive(Default)]
struct Tally {
    trials: u32,
    kills: u32,
    at_work: u32,
    at_points: u32,
    differences: u32,
}

pub(crate) struct Log {
    file: File,
    begun: Instant,
    said: Instant,
    kills: u32,
    tallies: BTreeMap<String, Tally>,
}

impl Log {
    pub(crate) fn new(world: &World, options: &Options) -> Log {
        let path = world.folder().join("torture.log");
        let now = Instant::now();
        let mut log = Log {
            file: File::create(&path).unwrap(),
            begun: now,
            said: now,
            kills: options.kills,
            tallies: BTreeMap::new(),
        };
        log.line(&format!("{} kills, seed {}, log {}", options.kills, options.seed, path.display()));
        log
    }

    /// A line for the person who waits, and for the log.
    pub(crate) fn line(&mut self, text: &str) {
        eprintln!("{text}");
        self.quiet(text);
    }

    fn quiet(&mut self, text: &str) {
        writeln!(self.file, "{text}").unwrap();
    }

    /// Keeps what a trial found.
    pub(crate) fn trial(&mut self, done: u32, subject: &Subject, outcome: Outcome) {
        let kills: Vec<String> = outcome
            .kills
            .iter()
            .map(|(kill, hit)| kill.text() + if *hit { "" } else { " (it had ended)" })
            .collect();
        self.count(subject.name, &outcome);
        let verdict = outcome.difference.as_deref().unwrap_or("the same");
        let text = format!("{}: killed {}: {verdict}", subject.name, kills.join("; "));
        match outcome.difference {
            Some(_) => self.line(&format!("DIFFERENT {text} ({})", outcome.folder)),
            None => self.quiet(&text),
        }
        if self.said.elapsed() > EVERY || done == self.kills {
            self.said = Instant::now();
            let left = self.begun.elapsed().as_secs_f64() / f64::from(done) * f64::from(self.kills - done);
            self.line(&format!("{done} of {} kills, {} left", self.kills, human::duration(left)));
        }
    }

    /// Adds a trial to its subject's numbers.
    pub(crate) fn count(&mut self, subject: &str, outcome: &Outcome) {
        let tally = self.tallies.entry(subject.to_owned()).or_default();
        tally.trials += 1;
        tally.kills += outcome.kills.len() as u32;
        tally.at_work += outcome.kills.iter().filter(|(_, hit)| *hit).count() as u32;
        let points =
            outcome.kills.iter().filter(|(kill, hit)| *hit && matches!(kill, crate::kill::Kill::At { .. }));
        tally.at_points += points.count() as u32;
        tally.differences += u32::from(outcome.difference.is_some());
    }

    /// Prints the table, and returns whether anything differed.
    pub(crate) fn table(&mut self) -> bool {
        let head = "| what | trials | kills | of a process at work | at points inside it | differences |";
        let mut lines = vec![head.to_owned(), "| :-- | --: | --: | --: | --: | --: |".to_owned()];
        let mut all = Tally::default();
        let row = |name: &str, t: &Tally| {
            format!(
                "| {name} | {} | {} | {} | {} | {} |",
                t.trials, t.kills, t.at_work, t.at_points, t.differences
            )
        };
        for (name, tally) in &self.tallies {
            lines.push(row(name, tally));
            all.trials += tally.trials;
            all.kills += tally.kills;
            all.at_work += tally.at_work;
            all.at_points += tally.at_points;
            all.differences += tally.differences;
        }
        lines.push(row("**all**", &all));
        lines.push(format!("{} in all", human::duration(self.begun.elapsed().as_secs_f64())));
        lines.iter().for_each(|line| self.line(line));
        all.differences > 0
    }
}
