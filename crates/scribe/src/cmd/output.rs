//! Standard output and standard error: streams that can be closed or full at any moment, which never ends in a panic.
//!
//! Everything that this program prints goes through [`print`], and everything it says beside the log through [`say`].

use std::io::{ErrorKind, Write};

/// Exit code where standard output was closed: what a shell reports of a program that SIGPIPE ended (128 + 13).
pub const CLOSED: u8 = 141;

/// Standard output did not take what was printed.
#[derive(Debug, thiserror::Error)]
#[error("standard output cannot be written: {0}")]
pub struct OutputError(std::io::Error);

impl OutputError {
    /// Whether the reader went away, as `head` does: an end, but no fault.
    pub fn is_closed(&self) -> bool {
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
/// [`OutputError`]; the program's end is quiet where the reader went away.
pub fn print(text: &str) -> Result<(), OutputError> {
    let mut output = std::io::stdout().lock();
    output.write_all(text.as_bytes()).and_then(|()| output.flush()).map_err(OutputError)
}

/// Writes a line to standard error and to the run's log file; where one is closed or full, work goes on without it.
pub fn say(line: &str) {
    scribe::clear_bars();
    let _ = writeln!(std::io::stderr(), "{line}");
    super::log::keep(line);
}
