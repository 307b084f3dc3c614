//! The log, on standard error and in a file of the run's folder. A log that cannot be written never ends the work.

use super::pending::Pending;
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

/// The levels that `--log` takes by name.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// Reads the value of `--log`: a level, or a filter of which each part is a level or names a module.
///
/// # Errors
/// A sentence that names the wrong part and what was expected.
pub(crate) fn parse_filter(text: &str) -> Result<String, String> {
    let is_level = |part: &str| LEVELS.iter().any(|level| level.eq_ignore_ascii_case(part));
    let wrong = |part: &&str| !(is_level(part) || part.contains('=') || part.contains("::"));
    if let Some(part) = text.split(',').map(str::trim).find(wrong) {
        return Err(format!(
            "'{part}' is not a level (expected {}, or a filter such as scribe_eval=debug)",
            LEVELS.join(", ")
        ));
    }
    EnvFilter::builder().parse(text).map(|_| text.to_string()).map_err(|error| error.to_string())
}

/// Starts the log with a filter that [`parse_filter`] has read.
///
/// # Errors
/// When the filter cannot be read.
pub(crate) fn start(filter: &str) -> anyhow::Result<()> {
    let terminal = std::io::stderr().is_terminal();
    let shown = fmt::layer()
        .compact()
        .without_time()
        .with_target(false)
        .with_ansi(coloured(terminal, std::env::var_os("NO_COLOR").as_deref()))
        .log_internal_errors(false)
        .with_writer(|| StandardError)
        // On a terminal a bar shows the same.
        .with_filter(filter_fn(move |event| !terminal || event.target() != scribe::PROGRESS_TARGET));
    let kept = fmt::layer()
        .compact()
        .with_target(false)
        .with_ansi(false)
        .log_internal_errors(false)
        .with_writer(|| RunLog);
    let filter = EnvFilter::builder().parse(with_quiet_drawing(filter))?;
    tracing_subscriber::registry().with(filter).with(shown).with(kept).init();
    Ok(())
}

/// The filter without what the library says that draws figures, unless it is asked for by name: its advice is on our own
/// drawings, which a user cannot mend.
fn with_quiet_drawing(filter: &str) -> String {
    if filter.contains("usvg") { filter.to_owned() } else { format!("{filter},usvg=off") }
}

/// Colours are for terminals, unless `NO_COLOR` is set to anything (https://no-color.org).
fn coloured(terminal: bool, no_color: Option<&OsStr>) -> bool {
    terminal && no_color.is_none_or(OsStr::is_empty)
}

/// Appends the log to this file too, as soon as its folder exists, with what was logged before this call.
pub(crate) fn append_to(path: PathBuf) {
    let mut file = FILE.lock().unwrap_or_else(PoisonError::into_inner);
    file.path = Some(path);
    file.write(&[]);
}

/// Appends a line to the run's log file, if there is one.
pub(crate) fn append(line: &str) {
    let mut file = FILE.lock().unwrap_or_else(PoisonError::into_inner);
    file.write(format!("{line}\n").as_bytes());
}

/// Standard error. What cannot be written is lost.
struct StandardError;

impl Write for StandardError {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        scribe::clear_bars();
        let _ = std::io::stderr().write_all(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The run's log file. What cannot be written is lost.
struct RunLog;

impl Write for RunLog {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        FILE.lock().unwrap_or_else(PoisonError::into_inner).write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

static FILE: Mutex<LogFile> = Mutex::new(LogFile { path: None, file: None, pending: Pending::EMPTY });

struct LogFile {
    path: Option<PathBuf>,
    file: Option<File>,
    /// What was logged before the file could be opened.
    pending: Pending,
}

impl LogFile {
    fn write(&mut self, bytes: &[u8]) {
        if self.file.is_none() {
            self.file = self.path.as_deref().and_then(open);
        }
        match &mut self.file {
            Some(file) => {
                // One write for a line, so that processes that share the file do not cut each other's lines.
                let lines = [self.pending.take().as_slice(), bytes].concat();
                let _ = file.write_all(&lines);
            }
            None => self.pending.add(bytes),
        }
    }
}

fn open(path: &Path) -> Option<File> {
    path.parent()?.is_dir().then(|| OpenOptions::new().append(true).create(true).open(path).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_filters_are_taken_and_other_words_are_refused() {
        for good in [
            "info",
            "OFF",
            "scribe_eval=debug",
            "warn,scribe_eval=debug",
            "scribe::stages",
            "a::b=trace, error",
        ] {
            assert_eq!(parse_filter(good).as_deref(), Ok(good));
        }
        for wrong in ["loud", "", "warn,loud", "scribe_eval=loud"] {
            assert!(parse_filter(wrong).is_err(), "{wrong}");
        }
        let message = parse_filter("loud").unwrap_err();
        assert!(message.contains("'loud'") && message.contains("off, error, warn, info"), "{message}");
    }

    #[test]
    fn the_library_that_draws_is_quiet_unless_it_is_named() {
        assert_eq!(with_quiet_drawing("info"), "info,usvg=off");
        assert_eq!(with_quiet_drawing("warn,usvg=debug"), "warn,usvg=debug");
    }

    #[test]
    fn colours_are_for_terminals_without_no_color() {
        assert!(coloured(true, None) && coloured(true, Some(OsStr::new(""))));
        assert!(!coloured(true, Some(OsStr::new("1"))) && !coloured(false, None));
    }
}
