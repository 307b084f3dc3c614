//! Writes to standard output and standard error, which may be closed or full at any moment: that never ends in a panic.
//!
//! Every answer of the program goes through [`print`], and every message besides the log through [`say`]. Names of files,
//! labels and messages of other programs are among them, so both write control characters as text.

use scribe_base::human::printable;
use std::io::{ErrorKind, Write};

/// The exit code where standard output was closed: what a shell reports for a program that SIGPIPE ended (128 + 13).
pub(crate) const CLOSED: u8 = 141;

/// Standard output cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("standard output cannot be written")]
pub(crate) struct OutputError(#[source] std::io::Error);

impl OutputError {
    /// Whether the reader closed the stream, as `head` does: that ends the program, but is no fault.
    pub(crate) fn is_closed(&self) -> bool {
        self.0.kind() == ErrorKind::BrokenPipe
    }
}

impl From<std::io::Error> for OutputError {
    fn from(error: std::io::Error) -> OutputError {
        OutputError(error)
    }
}

/// Writes to standard output at once, so that a full disk or a closed pipe is seen here.
///
/// # Errors
/// The stream is closed or full.
pub(crate) fn print(text: &str) -> Result<(), OutputError> {
    let mut output = std::io::stdout().lock();
    output.write_all(printable(text).as_bytes()).and_then(|()| output.flush()).map_err(OutputError)
}

/// Writes a line to standard error and to the run's log file; where one is closed or full, work goes on without it.
pub(crate) fn say(line: &str) {
    scribe::clear_bars();
    let line = printable(line);
    let _ = writeln!(std::io::stderr(), "{line}");
    super::log::append(&line);
}
