//! The standard error of a program: its lines go to the log, up to a limit, and the last ones into errors.

use scribe_base::human::printable;
use std::collections::VecDeque;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many lines an error shows.
const SHOWN: usize = 12;
/// The longest line; what is longer is cut into several.
const LONGEST_LINE: usize = 2000;
/// How many bytes of one process are logged. A program may warn for every picture; one in a loop would fill the disk.
const LOGGED: usize = 16 << 20;

/// What a process has written to its standard error last.
#[derive(Debug, Default)]
pub(super) struct Tail {
    lines: Mutex<VecDeque<String>>,
    ended: AtomicBool,
}

impl Tail {
    /// Reads the stream on a thread of its own and logs its lines, each behind the name.
    pub(super) fn follow(name: String, mut stream: impl Read + Send + 'static) -> Arc<Tail> {
        let tail = Arc::new(Tail::default());
        let filled = tail.clone();
        std::thread::spawn(move || {
            let (mut line, mut chunk, mut left) = (Vec::new(), [0; 4096], Allowance(Some(LOGGED)));
            while let Ok(read @ 1..) = stream.read(&mut chunk) {
                for &byte in &chunk[..read] {
                    // Progress bars end their lines with carriage returns.
                    if byte == b'\n' || byte == b'\r' || line.len() == LONGEST_LINE {
                        filled.add(&name, &std::mem::take(&mut line), &mut left);
                    }
                    if byte != b'\n' && byte != b'\r' {
                        line.push(byte);
                    }
                }
            }
            filled.add(&name, &line, &mut left);
            filled.ended.store(true, Ordering::Release);
        });
        tail
    }

    fn add(&self, name: &str, line: &[u8], left: &mut Allowance) {
        let line = printable(&String::from_utf8_lossy(line)).into_owned();
        if line.trim().is_empty() {
            return;
        }
        match left.spend(line.len()) {
            Spent::All => tracing::info!("{name}: {line}"),
            Spent::Over => {
                tracing::warn!("{name}: it writes without end to its standard error; the rest is not logged");
            }
            Spent::Nothing => {}
        }
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == SHOWN {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    /// The last lines as the end of an error message; waits a moment for those that a process wrote before it ended.
    pub(super) fn last_lines(&self, patience: Duration) -> String {
        let begun = Instant::now();
        while !self.ended.load(Ordering::Acquire) && begun.elapsed() < patience {
            std::thread::sleep(Duration::from_millis(5));
        }
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.is_empty() {
            return "; it wrote nothing to its standard error".to_owned();
        }
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        format!("; its last lines: {}", lines.join(" | "))
    }
}

/// How many bytes may still be logged; `None` after the first line that is not.
struct Allowance(Option<usize>);

/// What becomes of a line.
#[derive(Debug, PartialEq, Eq)]
enum Spent {
    /// It is logged.
    All,
    /// It is the first that is not.
    Over,
    /// It is not the first.
    Nothing,
}

impl Allowance {
    fn spend(&mut self, bytes: usize) -> Spent {
        let Some(left) = self.0 else { return Spent::Nothing };
        self.0 = left.checked_sub(bytes);
        if self.0.is_some() { Spent::All } else { Spent::Over }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_logged_up_to_a_limit_and_the_first_one_beyond_it_is_told() {
        let mut left = Allowance(Some(10));
        let spent = [4, 6, 1, 1, 0].map(|bytes| left.spend(bytes));
        assert_eq!(spent, [Spent::All, Spent::All, Spent::Over, Spent::Nothing, Spent::Nothing]);
    }

    #[test]
    fn the_last_lines_are_kept_and_their_control_characters_written_out() {
        let many: String = (0..20).map(|n| format!("line {n}\n")).collect();
        let text = format!("{many}\x1b[31mred\x1b[0m\u{202e}\r 50 %\r100 %\n\nlast");
        let tail = Tail::follow("net".to_owned(), std::io::Cursor::new(text.into_bytes()));
        let lines = tail.last_lines(Duration::from_secs(5));
        assert!(lines.starts_with("; its last lines: line 12 | "), "{lines}");
        assert!(
            lines.ends_with("line 19 | \\u{1b}[31mred\\u{1b}[0m\\u{202e} |  50 % | 100 % | last"),
            "{lines}"
        );
        let silent = Tail::follow("net".to_owned(), std::io::empty());
        assert!(silent.last_lines(Duration::from_secs(5)).contains("wrote nothing"));
    }
}
