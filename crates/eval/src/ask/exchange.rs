//! Questions about many images, divided among the processes, and their answers in order.

use super::answer::Answer;
use super::processes::Ticket;
use super::question::{Shown, in_words, longest_answer, question};
use super::{AskError, AskedProgram, Result};
use std::ops::Range;

/// What is done with the answer about some of the images.
pub(super) type Each<'a> = dyn FnMut(Range<usize>, Answer) -> Result<()> + 'a;

impl AskedProgram {
    /// Asks for these images, and hands on each answer with the places of its images, in order.
    pub(super) fn ask(&self, shown: &[Shown<'_>], scores: bool, each: &mut Each<'_>) -> Result<()> {
        let count = self.processes().count();
        // Of two questions the process answers one while the answer to the other is worked on.
        let parts = 2 * count;
        let length = shown.len().div_ceil(parts).clamp(1, self.hello.batch);
        let ranges = (0..shown.len()).step_by(length).map(|at| at..(at + length).min(shown.len()));
        let asked: Vec<_> = ranges.enumerate().map(|(n, range)| (n % count, range)).collect();
        self.exchange(&asked, shown, scores, each)
    }

    /// Asks every process for each of the images.
    pub(super) fn ask_each(&self, shown: &[Shown<'_>], each: &mut Each<'_>) -> Result<()> {
        let count = self.processes().count();
        let asked = (0..shown.len()).flat_map(|at| (0..count).map(move |process| (process, at..at + 1)));
        self.exchange(&asked.collect::<Vec<_>>(), shown, false, each)
    }

    /// The lock on the processes is held only while a question is posted or an answer awaited, and never while an answer
    /// is worked on: threads of a pool that wait for the lock could not help with that work.
    fn exchange(
        &self,
        asked: &[(usize, Range<usize>)],
        shown: &[Shown<'_>],
        scores: bool,
        each: &mut Each<'_>,
    ) -> Result<()> {
        let mut tickets = Vec::with_capacity(asked.len());
        let mut processes = self.processes();
        for (process, range) in asked {
            let pictures = &shown[range.clone()];
            let bound = (longest_answer(self.class_count, pictures), in_words(pictures));
            tickets.push(processes.post(*process, bound, |number| question(number, scores, pictures))?);
        }
        drop(processes);
        let mut outcome = Ok(());
        for (ticket, (_, range)) in tickets.iter().zip(asked) {
            let buffer = self.processes().collect(ticket)?;
            // After a wrong answer the rest is still collected, so that the next question finds the pipes empty.
            if outcome.is_ok() {
                outcome = self
                    .read(&buffer, ticket, &shown[range.clone()])
                    .and_then(|answer| each(range.clone(), answer));
            }
        }
        outcome
    }

    fn read(&self, buffer: &[u8], ticket: &Ticket, pictures: &[Shown<'_>]) -> Result<Answer> {
        let answer = Answer::read(buffer, ticket.number, pictures, self.class_count);
        if let Err(error @ AskError::Number { .. }) = &answer {
            // Whatever comes next belongs to another question, too.
            self.processes().fail(error.clone());
        }
        answer
    }
}
