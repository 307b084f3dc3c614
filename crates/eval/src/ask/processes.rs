//! All processes of the command: questions are posted to them, and answers collected by number.

use super::program::Program;
use super::{AskError, AskSettings, Hello, Result, frame};
use std::collections::{BTreeMap, VecDeque};

/// What a greeting may hold.
pub(super) const LONGEST_HELLO: u64 = 8 + frame::LONGEST_HEADER;

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
    /// Starts all of them at once and reads their greetings.
    pub(super) fn start(settings: &AskSettings) -> Result<(Processes, Hello)> {
        let name = |job: usize| match settings.jobs {
            0 | 1 => settings.name.clone(),
            _ => format!("{} {}", settings.name, job + 1),
        };
        let started = (0..settings.jobs.max(1)).map(|job| Program::start(settings, name(job)));
        let mut programs = started.collect::<Result<Vec<Program>>>()?;
        let greeting = frame::write(&Hello::ours(settings.class_count), None, &[]);
        programs.iter().for_each(|program| program.send(greeting.clone(), LONGEST_HELLO));
        let mut first = None;
        for program in &mut programs {
            let buffer = program.receive("its greeting", LONGEST_HELLO)?;
            let (metadata, _) = frame::parse(&buffer).map_err(|reason| AskError::Frame { reason })?;
            let hello = Hello::read(&metadata, settings.class_count)?;
            if *first.get_or_insert_with(|| hello.clone()) != hello {
                return Err(AskError::Unlike { what: "their greetings" });
            }
        }
        let hello = first.ok_or(AskError::Unlike { what: "their number" })?;
        let asked = programs.into_iter().map(|program| Asked { program, open: VecDeque::new() });
        let processes = Processes { asked: asked.collect(), arrived: BTreeMap::new(), next: 1, failed: None };
        Ok((processes, hello))
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
