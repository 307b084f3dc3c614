//! What a program is started with.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// How a program is started and asked.
#[derive(Clone, Debug)]
pub struct AskSettings {
    /// The command, as it is written for the shell.
    pub command: String,
    /// The name before its lines in the log.
    pub name: String,
    /// How many classes it must predict.
    pub class_count: usize,
    /// How many processes are started, at least 1. Results do not depend on it.
    pub jobs: usize,
    /// The longest that an answer may take, the first greeting included; `None` waits without end.
    pub timeout: Option<Duration>,
    /// Set from outside (by Ctrl-C, for example): an answer is then awaited for seconds only, a greeting no longer.
    pub stop: Arc<AtomicBool>,
}

impl AskSettings {
    /// One process of the command, named `name`, that answers within ten minutes.
    #[must_use]
    pub fn new(command: impl Into<String>, name: impl Into<String>, class_count: usize) -> AskSettings {
        AskSettings {
            command: command.into(),
            name: name.into(),
            class_count,
            jobs: 1,
            timeout: Some(Duration::from_secs(600)),
            stop: Arc::default(),
        }
    }

    /// This many processes.
    #[must_use]
    pub fn jobs(self, jobs: usize) -> Self {
        AskSettings { jobs, ..self }
    }

    /// The longest that an answer may take.
    #[must_use]
    pub fn timeout(self, timeout: Option<Duration>) -> Self {
        AskSettings { timeout, ..self }
    }

    /// A flag that ends the wait for answers.
    #[must_use]
    pub fn stop(self, stop: Arc<AtomicBool>) -> Self {
        AskSettings { stop, ..self }
    }
}
