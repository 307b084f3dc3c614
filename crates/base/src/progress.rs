//! How far a long piece of work has come.
//!
//! A library that works for long takes a function of type [`OnProgress`] and calls it after each unit of work; it draws
//! nothing. A program that shows progress keeps a [`Meter`], which knows the rate and the time left.

use crate::human;
use std::time::{Duration, Instant};

/// Called with the units of work that are done and the number of all, from any thread, after each unit.
pub type OnProgress<'a> = dyn Fn(usize, usize) + Sync + 'a;

/// Counts units of work, and says how fast they are done and how long the rest takes.
#[derive(Debug, Clone)]
pub struct Meter {
    total: u64,
    done: u64,
    /// What an earlier call has done; it does not count for the rate.
    before: u64,
    begun: Instant,
}

impl Meter {
    /// A meter of `total` units, none of them done, that starts its clock now.
    pub fn new(total: u64) -> Meter {
        Meter { total, done: 0, before: 0, begun: Instant::now() }
    }

    /// Starts the clock again at `done` units, which an earlier call has done.
    pub fn begin_at(&mut self, done: u64) {
        (self.begun, self.before, self.done) = (Instant::now(), done, done);
    }

    /// Sets the number of units that are done.
    pub fn set(&mut self, done: u64) {
        self.done = done;
    }

    /// The number of units that are done.
    pub fn done(&self) -> u64 {
        self.done
    }

    /// When the clock was started.
    pub fn begun(&self) -> Instant {
        self.begun
    }

    /// Units a second since the clock was started; 0 before the first.
    pub fn per_second(&self, now: Instant) -> f64 {
        let seconds = now.saturating_duration_since(self.begun).as_secs_f64();
        if seconds > 0.0 { self.done.saturating_sub(self.before) as f64 / seconds } else { 0.0 }
    }

    /// The time that the rest takes at the rate so far; `None` where there is no rate yet.
    pub fn left(&self, now: Instant) -> Option<Duration> {
        let per_second = self.per_second(now);
        let missing = self.total.saturating_sub(self.done) as f64;
        (per_second > 0.0).then(|| Duration::try_from_secs_f64(missing / per_second).unwrap_or(Duration::MAX))
    }

    /// One line for people: `60 of 100 steps (60 %), 2.0/s, 20 s left`.
    pub fn text(&self, unit: &str, now: Instant) -> String {
        let percent = 100.0 * self.done as f64 / self.total.max(1) as f64;
        let mut text = format!("{} of {} {unit} ({percent:.0} %)", self.done, self.total);
        let rate = human::rate(self.per_second(now));
        if !rate.is_empty() {
            text += &format!(", {rate}");
        }
        if let Some(left) = self.left(now) {
            text += &format!(", {} left", human::duration(left.as_secs_f64()));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_call_has_done_does_not_count_for_the_rate() {
        let begun = Instant::now();
        let meter = Meter { total: 100, done: 60, before: 40, begun };
        let now = begun + Duration::from_secs(10);
        assert_eq!(meter.text("steps", now), "60 of 100 steps (60 %), 2.0/s, 20 s left");
        assert_eq!(meter.left(now), Some(Duration::from_secs(20)));
    }

    #[test]
    fn nothing_is_promised_before_the_first_unit() {
        let meter = Meter::new(5);
        assert_eq!(meter.text("pictures", meter.begun()), "0 of 5 pictures (0 %)");
        assert_eq!(meter.left(meter.begun() + Duration::from_secs(1)), None);
    }
}
