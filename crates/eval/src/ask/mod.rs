//! A running program as a predictor: it is asked over pipes. FORMAT.md documents the frames.

mod answer;
mod error;
mod exchange;
mod frame;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod hello;
mod identity;
mod messages;
mod pipes;
mod processes;
mod program;
mod question;
mod scales;
mod settings;
mod tail;

pub use error::AskError;
pub use hello::Hello;
pub use settings::AskSettings;

use crate::{Picture, Prediction, Predictor, PredictorError, Wants};
use answer::Answer;
use processes::Processes;
use question::Shown;
use scribe_model::{Inference, ScoreSpace};
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The version of the frames that this crate writes and reads.
pub const ASK_PROTOCOL: u32 = 1;

type Result<T> = std::result::Result<T, AskError>;

/// A program that predicts: one or several processes of one command, to which images go over standard input and whose
/// answers come from standard output.
///
/// Where a process is lost (it ends, is late, or writes what is no frame), every later prediction fails with the same
/// error; an answer with wrong content fails alone. The processes end when this value is dropped: their standard input is
/// closed, and those that do not end by themselves within seconds are killed.
pub struct AskedProgram {
    hello: Hello,
    class_count: usize,
    processes: Mutex<Processes>,
}

impl AskedProgram {
    /// Starts the processes and exchanges greetings with each.
    ///
    /// # Errors
    /// [`AskError::NotThere`], [`AskError::Protocol`], [`AskError::ClassCount`] and others: the command cannot be started,
    /// or a process does not greet as FORMAT.md says.
    pub fn start(settings: &AskSettings) -> Result<AskedProgram> {
        let (processes, hello) = Processes::start(settings)?;
        Ok(AskedProgram { hello, class_count: settings.class_count, processes: Mutex::new(processes) })
    }

    /// What the program said of itself.
    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    /// The same without a poison: a panic elsewhere does not matter to the processes.
    fn processes(&self) -> MutexGuard<'_, Processes> {
        self.processes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses an inference that the program cannot be asked for.
    ///
    /// # Errors
    /// [`AskError::OneSize`] for several scales of a program that predicts images of one size only, or as
    /// [`AskedProgram::check_mode`].
    pub fn check(&self, how: &Inference) -> Result<()> {
        AskedProgram::check_mode(how)?;
        match how {
            Inference::MultiScale { .. } if !self.hello.other_sizes => Err(AskError::OneSize),
            _ => Ok(()),
        }
    }

    /// Refuses an inference that no program can be asked for.
    ///
    /// # Errors
    /// [`AskError::Rebuild`].
    pub fn check_mode(how: &Inference) -> Result<()> {
        match how {
            Inference::MultiScale { space: Some(ScoreSpace::RebuildBackground), .. } => {
                Err(AskError::Rebuild)
            }
            _ => Ok(()),
        }
    }

    /// Each image once, at its own size.
    fn single(&self, shown: &[Shown<'_>], wants: &dyn Fn(usize) -> Wants) -> Result<Vec<Prediction>> {
        let scores = (0..shown.len()).any(|n| wants(n).any());
        let mut predictions = Vec::with_capacity(shown.len());
        let mut each = |range: Range<usize>, answer: Answer| {
            let wanted = |n: usize| wants(range.start + n).any();
            predictions.extend(answer.predictions(&shown[range.clone()], &wanted)?);
            Ok(())
        };
        self.ask(shown, scores, &mut each)?;
        Ok(predictions)
    }
}

impl Predictor for AskedProgram {
    fn class_count(&self) -> usize {
        self.class_count
    }

    fn own_space(&self) -> ScoreSpace {
        self.hello.space
    }

    fn predict(
        &self,
        pictures: &[Picture<'_>],
        how: &Inference,
        wants: &dyn Fn(usize) -> Wants,
    ) -> std::result::Result<Vec<Prediction>, PredictorError> {
        let shown: Vec<Shown<'_>> = pictures.iter().map(Shown::of).collect();
        self.check(how)?;
        Ok(match how {
            Inference::Single => self.single(&shown, wants)?,
            Inference::MultiScale { .. } => scales::predict(self, &shown, how, wants)?,
        })
    }
}
