//! How far a long piece of work has come: a bar on a terminal, and a line of the log now and then.

use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The target of progress lines in the log. On a terminal they are left out of standard error, where a bar stands.
pub const TARGET: &str = "scribe::progress";

/// Seconds between two progress lines where nothing else was asked for.
pub const SECONDS: u64 = 30;

static EVERY: AtomicU64 = AtomicU64::new(SECONDS);

/// All bars of the process, so that several stand below each other.
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
pub struct Progress {
    bar: ProgressBar,
    label: String,
    unit: String,
    length: u64,
    lines: Mutex<Lines>,
}

/// What the next progress line needs.
struct Lines {
    begun: Instant,
    /// What was done before: it does not count for the rate.
    before: u64,
    done: u64,
    last: Option<Instant>,
    message: String,
}

/// The progress of `length` units of work, shown on standard error where that is a terminal.
pub fn bar(label: &str, length: u64, unit: &str) -> Progress {
    let template = format!("{{prefix:<10}} {{bar:28}} {{pos}}/{{len}} {unit}  {{rate}}  {{left}}  {{msg}}");
    let style = ProgressStyle::with_template(&template).expect("the template is built from constants");
    let style = style
        .with_key("rate", |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = out.write_str(&rate(state.per_sec()));
        })
        .with_key("left", |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let missing = state.len().unwrap_or(0).saturating_sub(state.pos());
            let _ = out.write_str(&left(missing, state.per_sec()));
        });
    let bar = BARS.add(ProgressBar::new(length)).with_style(style).with_prefix(label.to_string());
    let lines = Lines { begun: Instant::now(), before: 0, done: 0, last: None, message: String::new() };
    Progress { bar, label: label.to_string(), unit: unit.to_string(), length, lines: Mutex::new(lines) }
}

impl Progress {
    /// Begins behind what an earlier call has done.
    pub fn begin_at(&self, done: u64) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        (lines.begun, lines.before, lines.done) = (Instant::now(), done, done);
        self.bar.set_position(done);
        self.bar.reset_eta();
    }

    /// So many units are done.
    pub fn set_position(&self, done: u64) {
        self.bar.set_position(done);
        self.advance(|_| done);
    }

    /// So many more units are done.
    pub fn inc(&self, more: u64) {
        self.bar.inc(more);
        self.advance(|done| done + more);
    }

    /// What stands behind the numbers from now on.
    pub fn set_message(&self, message: String) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).message.clone_from(&message);
        self.bar.set_message(message);
    }

    /// Ends, and leaves the bar.
    pub fn finish(&self) {
        self.bar.finish();
    }

    /// Ends before all is done, and leaves the bar where it is.
    pub fn abandon(&self) {
        self.bar.abandon();
    }

    /// Ends, and takes the bar away.
    pub fn finish_and_clear(&self) {
        self.bar.finish_and_clear();
    }

    /// Units a second since the beginning; 0 before the first.
    pub fn per_second(&self) -> f64 {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).per_second(Instant::now())
    }

    fn advance(&self, to: impl Fn(u64) -> u64) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.done = to(lines.done);
        let (now, every) = (Instant::now(), Duration::from_secs(EVERY.load(Ordering::Relaxed)));
        if lines.is_due(now, every) {
            lines.last = Some(now);
            tracing::info!(target: TARGET, "{}", lines.text(&self.label, &self.unit, self.length, now));
        }
    }
}

impl Lines {
    /// The first line comes early, because it holds the first measured time left.
    fn is_due(&self, now: Instant, every: Duration) -> bool {
        let (since, wait) = self.last.map_or((self.begun, every / 6), |last| (last, every));
        !every.is_zero() && now.duration_since(since) >= wait
    }

    fn per_second(&self, now: Instant) -> f64 {
        let seconds = now.duration_since(self.begun).as_secs_f64();
        if seconds > 0.0 { (self.done - self.before.min(self.done)) as f64 / seconds } else { 0.0 }
    }

    fn text(&self, label: &str, unit: &str, length: u64, now: Instant) -> String {
        let per_second = self.per_second(now);
        let percent = 100.0 * self.done as f64 / length.max(1) as f64;
        let mut text = format!("{label}: {} of {length} {unit} ({percent:.0} %)", self.done);
        for part in
            [rate(per_second), left(length.saturating_sub(self.done), per_second), self.message.clone()]
        {
            if !part.is_empty() {
                text += &format!(", {part}");
            }
        }
        text
    }
}

/// A rate with two or three digits, in the unit of time in which it is at least 1; nothing for none.
pub fn rate(per_second: f64) -> String {
    let (value, unit) = match per_second {
        r if r >= 1.0 => (r, "s"),
        r if r >= 1.0 / 60.0 => (60.0 * r, "min"),
        r if r > 0.0 => (3600.0 * r, "h"),
        _ => return String::new(),
    };
    if value >= 10.0 { format!("{value:.0}/{unit}") } else { format!("{value:.1}/{unit}") }
}

/// The time that `missing` units take; nothing where no rate is known.
fn left(missing: u64, per_second: f64) -> String {
    if per_second > 0.0 { format!("{} left", duration(missing as f64 / per_second)) } else { String::new() }
}

/// A duration for people: `8 s`, `12 min`, `3 h 20 min`, `2 d 5 h`.
pub fn duration(seconds: f64) -> String {
    let whole = seconds.round().max(0.0) as u64;
    match whole {
        0..120 => format!("{whole} s"),
        120..7200 => format!("{:.0} min", seconds / 60.0),
        7200..172_800 => format!("{} h {} min", whole / 3600, whole % 3600 / 60),
        _ => format!("{} d {} h", whole / 86_400, whole % 86_400 / 3600),
    }
}

/// A number of bytes for people, in decimal units: `640 kB`, `3.4 MB`, `12.0 GB`.
pub fn size(bytes: u64) -> String {
    let bytes = bytes as f64;
    match bytes {
        0.0..999_500.0 => format!("{:.0} kB", bytes / 1e3),
        999_500.0..999_950_000.0 => format!("{:.1} MB", bytes / 1e6),
        _ => format!("{:.1} GB", bytes / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_never_round_to_nothing() {
        let all = [0, 640_000, 3_400_000, 999_940_000, 999_960_000, 12_000_000_000].map(size);
        assert_eq!(all, ["0 kB", "640 kB", "3.4 MB", "999.9 MB", "1.0 GB", "12.0 GB"]);
    }

    #[test]
    fn rates_and_times_can_be_read() {
        assert_eq!(
            [rate(335.9301), rate(3.41), rate(0.2), rate(0.004), rate(0.0)],
            ["336/s", "3.4/s", "12/min", "14/h", ""]
        );
        assert_eq!([left(5, 0.0), left(5, 0.1), left(0, 1.0)], ["", "50 s left", "0 s left"]);
        let of = |seconds| duration(seconds);
        assert_eq!(
            [of(59.6), of(119.4), of(1500.0), of(12_000.0), of(190_800.0)],
            ["60 s", "119 s", "25 min", "3 h 20 min", "2 d 5 h"]
        );
    }

    #[test]
    fn a_line_tells_what_is_done_and_what_is_left_without_counting_an_earlier_call() {
        let begun = Instant::now();
        let at = |seconds| begun + Duration::from_secs(seconds);
        let lines = Lines { begun, before: 40, done: 60, last: None, message: "loss 1.2".into() };
        let wanted = "train: 60 of 100 steps (60 %), 2.0/s, 20 s left, loss 1.2";
        assert_eq!(lines.text("train", "steps", 100, at(10)), wanted);
        let every = Duration::from_secs(30);
        assert!(!lines.is_due(at(4), every) && lines.is_due(at(5), every));
        let later = Lines { last: Some(at(5)), ..lines };
        assert!(!later.is_due(at(34), every) && later.is_due(at(35), every));
        assert!(!later.is_due(at(1000), Duration::ZERO));
    }
}
