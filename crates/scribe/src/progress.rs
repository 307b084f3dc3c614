//! Shows how far a long piece of work has come: a bar on a terminal, and now and then a line in the log.

use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};
use scribe_base::human;
use scribe_base::progress::Meter;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The target of the log's progress lines. They are not written to a terminal, where a bar shows the same.
pub const TARGET: &str = "scribe::progress";

/// Seconds between two progress lines, unless [`lines_every`] sets others.
pub const SECONDS: u64 = 30;

static EVERY: AtomicU64 = AtomicU64::new(SECONDS);

/// All bars of the process, so that several are drawn below each other.
static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// Sets the seconds between two progress lines; 0 writes none.
pub fn lines_every(seconds: u64) {
    EVERY.store(seconds, Ordering::Relaxed);
}

/// Takes the bars off the terminal, so that a line of the log can be written; they come back with their next change.
pub fn clear_bars() {
    // A terminal that is gone does not matter to the work.
    let _ = BARS.clear();
}

/// The progress of one piece of work.
pub struct Bar {
    bar: ProgressBar,
    label: String,
    unit: String,
    lines: Mutex<Lines>,
}

/// Starts the progress of `length` units of work. The bar is drawn on standard error where that is a terminal.
pub fn bar(label: &str, length: u64, unit: &str) -> Bar {
    let template = format!("{{prefix:<10}} {{bar:28}} {{pos}}/{{len}} {unit}  {{rate}}  {{left}}  {{msg}}");
    let style = ProgressStyle::with_template(&template).expect("the template is built from constants");
    let style = style
        .with_key("rate", |state: &ProgressState, out: &mut dyn Write| {
            let _ = out.write_str(&human::rate(state.per_sec()));
        })
        .with_key("left", |state: &ProgressState, out: &mut dyn Write| {
            let missing = state.len().unwrap_or(0).saturating_sub(state.pos()) as f64;
            if state.per_sec() > 0.0 {
                let _ = write!(out, "{} left", human::duration(missing / state.per_sec()));
            }
        });
    let bar = BARS.add(ProgressBar::new(length)).with_style(style).with_prefix(label.to_string());
    let lines = Lines { meter: Meter::new(length), last: None, message: String::new() };
    Bar { bar, label: label.to_string(), unit: unit.to_string(), lines: Mutex::new(lines) }
}

impl Bar {
    /// Starts the clock again at `done` units, which an earlier call has done.
    pub fn begin_at(&self, done: u64) {
        self.lines().meter.begin_at(done);
        self.bar.set_position(done);
        self.bar.reset_eta();
    }

    /// Sets the number of units that are done.
    pub fn set_position(&self, done: u64) {
        self.bar.set_position(done);
        self.advance(|_| done);
    }

    /// Adds to the number of units that are done.
    pub fn inc(&self, more: u64) {
        self.bar.inc(more);
        self.advance(|done| done + more);
    }

    /// Sets the text behind the numbers.
    pub fn set_message(&self, message: String) {
        self.lines().message.clone_from(&message);
        self.bar.set_message(message);
    }

    /// Ends, and leaves the bar on the terminal.
    pub fn finish(&self) {
        self.bar.finish();
    }

    /// Ends before all is done, and leaves the bar where it is.
    pub fn abandon(&self) {
        self.bar.abandon();
    }

    /// Ends, and removes the bar from the terminal.
    pub fn finish_and_clear(&self) {
        self.bar.finish_and_clear();
    }

    /// Units a second since the clock was started; 0 before the first.
    pub fn per_second(&self) -> f64 {
        self.lines().meter.per_second(Instant::now())
    }

    fn advance(&self, to: impl Fn(u64) -> u64) {
        let mut lines = self.lines();
        let done = to(lines.meter.done());
        lines.meter.set(done);
        let (now, every) = (Instant::now(), Duration::from_secs(EVERY.load(Ordering::Relaxed)));
        if lines.is_due(now, every) {
            lines.last = Some(now);
            tracing::info!(target: TARGET, "{}", lines.text(&self.label, &self.unit, now));
        }
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the next progress line needs.
struct Lines {
    meter: Meter,
    /// When the last line was written.
    last: Option<Instant>,
    message: String,
}

impl Lines {
    /// The first line comes early, because it holds the first measured time left.
    fn is_due(&self, now: Instant, every: Duration) -> bool {
        let (since, wait) = self.last.map_or((self.meter.begun(), every / 6), |last| (last, every));
        !every.is_zero() && now.duration_since(since) >= wait
    }

    fn text(&self, label: &str, unit: &str, now: Instant) -> String {
        let comma = if self.message.is_empty() { "" } else { ", " };
        format!("{label}: {}{comma}{}", self.meter.text(unit, now), self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_label_the_numbers_and_the_message() {
        let meter = Meter::new(100);
        let begun = meter.begun();
        let mut lines = Lines { meter, last: None, message: String::new() };
        assert_eq!(lines.text("train", "steps", begun), "train: 0 of 100 steps (0 %)");
        lines.message = "loss 1.2".into();
        assert_eq!(lines.text("train", "steps", begun), "train: 0 of 100 steps (0 %), loss 1.2");
    }

    #[test]
    fn the_first_line_comes_after_a_sixth_of_the_time_between_two() {
        let meter = Meter::new(100);
        let begun = meter.begun();
        let at = |seconds| begun + Duration::from_secs(seconds);
        let lines = Lines { meter, last: None, message: String::new() };
        let every = Duration::from_secs(30);
        assert!(!lines.is_due(at(4), every) && lines.is_due(at(5), every));
        let later = Lines { last: Some(at(5)), ..lines };
        assert!(!later.is_due(at(34), every) && later.is_due(at(35), every));
        assert!(!later.is_due(at(1000), Duration::ZERO));
    }
}
