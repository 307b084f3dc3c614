//! All processes of the command: questions are posted to them, and answers collected by number.

use super::program::Program;
use super::{AskError, AskSettings, Hello, Result, frame};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::Ordering;

/// What a greeting may hold.
pub(super) const LONGEST_HELLO: u64 = 8 + frame::LONGEST_HEADER;
/// What a process is asked for first.
const GREETING: &str = "its greeting";

/// A question that was posted.
pub(super) struct Ticket {
    /// The process that was asked.
    process: usize,
    pub(super) number: u64,
    /// The most bytes that the answer can have.
    most: u64,
    /// What was asked for, in words.
    asked: String,
}

/// The processes, and why they cannot be asked any more.
pub(super) struct Processes {
    asked: Vec<Asked>,
    /// Answers that came while another one was waited for.
    arrived: BTreeMap<u64, Vec<u8>>,
    /// The number of the next question.
    next: u64,
    failed: Option<AskError>,
}

/// A process, and the numbers of its questions that have no answer yet, in order.
struct Asked {
    program: Program,
    open: VecDeque<u64>,
}

impl Processes {
    /// Starts all of them at once and reads their greetings. A stop ends those that were started.
    pub(super) fn start(settings: &AskSettings) -> Result<(Processes, Hello)> {
        let name = |job: usize| match settings.jobs {
            0 | 1 => settings.name.clone(),
            _ => format!("{} {}", settings.name, job + 1),
        };
        let greeting = frame::write(&Hello::ours(settings.class_count), None, &[]);
        // Where one of them fails, this value is dropped, and ends all of them at the same time.
        let mut processes = Processes { asked: Vec::new(), arrived: BTreeMap::new(), next: 1, failed: None };
        for job in 0..settings.jobs.max(1) {
            if settings.stop.load(Ordering::Relaxed) {
                let (command, asked) = (settings.command.clone(), GREETING.to_owned());
                return Err(AskError::Stopped { command, asked });
            }
            let program = Program::start(settings, name(job))?;
            program.send(greeting.clone(), LONGEST_HELLO);
            processes.asked.push(Asked { program, open: VecDeque::new() });
        }
        let hello = processes.greetings(settings.class_count)?;
        Ok((processes, hello))
    }

    /// What all of them say of themselves.
    fn greetings(&mut self, class_count: usize) -> Result<Hello> {
        let mut first = None;
        for asked in &mut self.asked {
            let buffer = asked.program.receive(GREETING, LONGEST_HELLO)?;
            let (metadata, _) = frame::parse(&buffer).map_err(|reason| AskError::Frame { reason })?;
            let hello = Hello::read(&metadata, class_count)?;
            if *first.get_or_insert_with(|| hello.clone()) != hello {
                return Err(AskError::Unlike { what: "their greetings" });
            }
        }
        first.ok_or(AskError::Unlike { what: "their number" })
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.asked.len()
    }

    /// Posts a question to a process; `frame` makes it from its number. `most` bounds the bytes of the answer, and `asked`
    /// says in words what is asked for.
    ///
    /// # Errors
    /// The processes cannot be asked any more.
    pub(super) fn post(
        &mut self,
        process: usize,
        (most, asked): (u64, String),
        frame: impl FnOnce(u64) -> Vec<u8>,
    ) -> Result<Ticket> {
        if let Some(failed) = &self.failed {
            return Err(failed.clone());
        }
        let number = self.next;
        self.next += 1;
        let to = &mut self.asked[process];
        to.program.send(frame(number), most);
        to.open.push_back(number);
        Ok(Ticket { process, number, most, asked })
    }

    /// The answer to a question.
    ///
    /// # Errors
    /// The process is lost; nothing can be asked any more then.
    pub(super) fn collect(&mut self, ticket: &Ticket) -> Result<Vec<u8>> {
        loop {
            if let Some(buffer) = self.arrived.remove(&ticket.number) {
                return Ok(buffer);
            }
            if let Some(failed) = &self.failed {
                return Err(failed.clone());
            }
            // Several threads may have asked, and each process answers in the order of its questions.
            let from = &mut self.asked[ticket.process];
            match (from.program.receive(&ticket.asked, ticket.most), from.open.pop_front()) {
                (Ok(buffer), Some(number)) => drop(self.arrived.insert(number, buffer)),
                (Ok(_), None) => return Err(AskError::Unlike { what: "the number of their answers" }),
                (Err(error), _) => self.fail(error),
            }
        }
    }

    /// Nothing can be asked any more, for this reason.
    pub(super) fn fail(&mut self, error: AskError) {
        self.failed.get_or_insert(error);
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        // All end at the same time, and are then waited for one by one.
        self.asked.iter_mut().for_each(|asked| asked.program.close());
    }
}
