//! One process of the command: how it is started, asked, waited for and ended.

use super::frame::Fault;
use super::pipes::{self, Answered, Posted};
use super::tail::Tail;
use super::{AskError, AskSettings, Result};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// How often the flag that stops an evaluation is looked at.
const GLANCE: Duration = Duration::from_millis(50);
/// How long a process may go on after its standard input was closed, and an answer may take after a stop.
const GRACE: Duration = Duration::from_secs(5);
/// How long the end of a process and its last lines are waited for, once its pipe is closed.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How long a process that has ended may still have an answer in its pipe. What it started may hold that pipe open for ever.
const LAST_ANSWER: Duration = Duration::from_secs(1);
/// What a shell returns for a command that is not there, or may not be run.
const SHELL_FOUND_NOTHING: [i32; 2] = [126, 127];

/// A running process. When it is dropped it ends.
pub(super) struct Program {
    command: String,
    timeout: Option<Duration>,
    stop: Arc<AtomicBool>,
    child: Child,
    /// Closed to end the process.
    questions: Option<Sender<Posted>>,
    answers: Receiver<Answered>,
    tail: Arc<Tail>,
    greeted: bool,
}

impl Program {
    /// Starts a process; `name` is before its lines in the log.
    pub(super) fn start(settings: &AskSettings, name: String) -> Result<Program> {
        let command = settings.command.clone();
        let failed = |source| AskError::Start { command: command.clone(), source: Arc::new(source) };
        let mut shell = shell(&command);
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = shell.spawn().map_err(failed)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(failed(std::io::Error::other("no pipes")));
        };
        let (questions, answers) = pipes::connect(stdin, stdout);
        Ok(Program {
            timeout: settings.timeout,
            stop: settings.stop.clone(),
            child,
            questions: Some(questions),
            answers,
            tail: Tail::follow(name, stderr),
            greeted: false,
            command,
        })
    }

    /// Sends a question, whose answer has at most `most` bytes.
    pub(super) fn send(&self, frame: Vec<u8>, most: u64) {
        if let Some(questions) = &self.questions {
            // Where the threads have ended, they left the reason among the answers.
            let _ = questions.send((frame, most));
        }
    }

    /// The buffer of the next answer.
    ///
    /// # Errors
    /// The process ended, is late, wrote too much or something else, or the evaluation was stopped. It is killed then.
    pub(super) fn receive(&mut self, asked: &str, most: u64) -> Result<Vec<u8>> {
        let outcome =
            self.wait(asked).and_then(|answer| answer.map_err(|fault| self.why(fault, asked, most)));
        match outcome {
            Ok(_) => self.greeted = true,
            Err(_) => self.kill(),
        }
        outcome
    }

    fn wait(&mut self, asked: &str) -> Result<Answered> {
        let begun = Instant::now();
        let (mut stopped_at, mut ended_at) = (None, None);
        loop {
            match self.answers.recv_timeout(GLANCE) {
                Ok(answer) => return Ok(answer),
                Err(RecvTimeoutError::Disconnected) => return Ok(Err(Fault::Ended)),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let late = self.timeout.filter(|timeout| begun.elapsed() >= *timeout);
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                let ended_at = ended_at.get_or_insert_with(Instant::now);
                if late.is_some() || ended_at.elapsed() >= LAST_ANSWER {
                    return Ok(Err(Fault::Ended));
                }
            }
            if let Some(timeout) = late {
                return Err(AskError::Late {
                    command: self.command.clone(),
                    seconds: timeout.as_secs(),
                    asked: asked.to_owned(),
                    lines: self.tail.last_lines(Duration::ZERO),
                });
            }
            if self.stop.load(Ordering::Relaxed) {
                let patience = if self.greeted { GRACE } else { Duration::ZERO };
                if stopped_at.get_or_insert_with(Instant::now).elapsed() >= patience {
                    return Err(AskError::Stopped { command: self.command.clone(), asked: asked.to_owned() });
                }
            }
        }
    }

    fn why(&mut self, fault: Fault, asked: &str, most: u64) -> AskError {
        let (command, asked) = (self.command.clone(), asked.to_owned());
        match fault {
            Fault::TooLong { begin, .. } if begin.iter().all(is_text) => {
                let begin = String::from_utf8_lossy(&begin).into_owned();
                AskError::Text { command, begin, lines: self.tail.last_lines(LAST_WORDS / 4) }
            }
            Fault::TooLong { bytes, .. } => AskError::TooLong { command, bytes, most, asked },
            Fault::Ended => {
                let status = self.ended_within(LAST_WORDS);
                let lines = self.tail.last_lines(LAST_WORDS);
                let code = status.and_then(|status| status.code());
                if !self.greeted && code.is_some_and(|code| SHELL_FOUND_NOTHING.contains(&code)) {
                    return AskError::NotThere { command, lines };
                }
                let how = status.map_or_else(|| "closed its standard output".to_owned(), in_words);
                AskError::Ended { command, how, asked, lines }
            }
        }
    }

    /// The status of the process, once it has ended.
    fn ended_within(&mut self, patience: Duration) -> Option<ExitStatus> {
        let begun = Instant::now();
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if begun.elapsed() < patience => std::thread::sleep(Duration::from_millis(5)),
                _ => return None,
            }
        }
    }

    /// Ends the process, and what it started, at once.
    fn kill(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        // The process leads a group of its own.
        #[cfg(unix)]
        let _ = rustix::process::kill_process_group(
            rustix::process::Pid::from_child(&self.child),
            rustix::process::Signal::KILL,
        );
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Closes the standard input, after which a process that has nothing to answer ends by itself.
    pub(super) fn close(&mut self) {
        self.questions = None;
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.close();
        // Without a greeting nothing is at work yet that could be lost.
        if !self.greeted {
            self.kill();
        } else if self.ended_within(GRACE).is_none() {
            tracing::warn!(
                "{}: still there {} s after its last question, killed",
                self.command,
                GRACE.as_secs()
            );
            self.kill();
        }
    }
}

/// The shell that runs a command, in a group of its own: Ctrl-C then reaches scribe alone, which finishes the work at hand.
fn shell(command: &str) -> Command {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        let mut shell = Command::new("sh");
        shell.args(["-c", command]).process_group(0);
        shell
    }
    #[cfg(not(unix))]
    {
        let mut shell = Command::new("cmd");
        shell.args(["/C", command]);
        shell
    }
}

fn is_text(byte: &u8) -> bool {
    byte.is_ascii_graphic() || byte.is_ascii_whitespace() || *byte >= 128
}

fn in_words(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("ended with exit code {code}"),
        None => format!("ended ({status})"),
    }
}
