//! The standard error of a program: every line goes to the log, and the last ones into errors.

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
            let (mut line, mut chunk) = (Vec::new(), [0; 4096]);
            while let Ok(read @ 1..) = stream.read(&mut chunk) {
                for &byte in &chunk[..read] {
                    // Progress bars end their lines with carriage returns.
                    if byte == b'\n' || byte == b'\r' || line.len() == LONGEST_LINE {
                        filled.add(&name, &std::mem::take(&mut line));
                    }
                    if byte != b'\n' && byte != b'\r' {
                        line.push(byte);
                    }
                }
            }
            filled.add(&name, &line);
            filled.ended.store(true, Ordering::Release);
        });
        tail
    }

    fn add(&self, name: &str, line: &[u8]) {
        let line = printable(&String::from_utf8_lossy(line)).into_owned();
        if line.trim().is_empty() {
            return;
        }
        tracing::info!("{name}: {line}");
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

#[cfg(test)]
mod tests {
    use super::*;

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
