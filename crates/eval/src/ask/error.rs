//! What can go wrong between scribe and a program that it asks.

use std::sync::Arc;
use thiserror::Error;

/// Why a program's answers cannot be used.
#[derive(Clone, Debug, Error)]
pub enum AskError {
    /// The shell that runs the command cannot be started.
    #[error("{command}: cannot be started")]
    Start {
        /// The command.
        command: String,
        /// What the system said.
        source: Arc<std::io::Error>,
    },
    /// The shell did not find the program, or may not run it.
    #[error(
        "{command}: there is no such program, or it cannot be run (expected a command for the shell){lines}"
    )]
    NotThere {
        /// The command.
        command: String,
        /// The last lines of its standard error.
        lines: String,
    },
    /// A process ended, or closed its standard output, before it had answered.
    #[error("{command}: {how} while it was asked for {asked}{lines}")]
    Ended {
        /// The command.
        command: String,
        /// How it ended.
        how: String,
        /// What it was asked for.
        asked: String,
        /// The last lines of its standard error.
        lines: String,
    },
    /// An answer did not come in time.
    #[error(
        "{command}: no answer within {seconds} s to {asked} (expected one frame for each question, flushed at once; \
         --ask-timeout SECONDS waits longer){lines}"
    )]
    Late {
        /// The command.
        command: String,
        /// How long it was waited for.
        seconds: u64,
        /// What it was asked for.
        asked: String,
        /// The last lines of its standard error.
        lines: String,
    },
    /// The evaluation was told to stop while an answer was awaited.
    #[error("{command}: stopped while it was asked for {asked}; the same command resumes from there")]
    Stopped {
        /// The command.
        command: String,
        /// What it was asked for.
        asked: String,
    },
    /// Standard output holds text where a frame should begin.
    #[error(
        "{command}: its standard output has the text {begin:?} where a frame should begin (expected frames only; print to \
         standard error){lines}"
    )]
    Text {
        /// The command.
        command: String,
        /// The first bytes.
        begin: String,
        /// The last lines of its standard error.
        lines: String,
    },
    /// A frame is longer than any answer to the question.
    #[error("{command}: a frame of {bytes} bytes (expected at most {most}, for {asked})")]
    TooLong {
        /// The command.
        command: String,
        /// Its length.
        bytes: u64,
        /// The greatest length that an answer may have.
        most: u64,
        /// What it was asked for.
        asked: String,
    },
    /// A frame does not hold a safetensors buffer.
    #[error("a frame is no safetensors buffer: {reason}")]
    Frame {
        /// What the reader said.
        reason: String,
    },
    /// The program speaks another version of the protocol.
    #[error("the program speaks version {found} of the protocol (expected {expected})")]
    Protocol {
        /// Its version.
        found: String,
        /// The version of this crate.
        expected: u32,
    },
    /// An entry of a frame's metadata is missing or cannot be read.
    #[error("{name} = {found} in the metadata of {frame} (expected {expected})")]
    Field {
        /// The frame.
        frame: &'static str,
        /// The entry.
        name: &'static str,
        /// Its value, or a word that says that there is none.
        found: String,
        /// What it should be.
        expected: String,
    },
    /// The program predicts another number of classes.
    #[error(
        "the program predicts {found} classes (expected {expected}; --classes and --map enter a network of other classes)"
    )]
    ClassCount {
        /// Its number of classes.
        found: usize,
        /// The number that is evaluated.
        expected: usize,
    },
    /// Two processes of one command say different things of themselves, or answer differently.
    #[error("two processes of the command differ in {what} (expected the same network in each)")]
    Unlike {
        /// In what.
        what: &'static str,
    },
    /// An answer belongs to another question.
    #[error(
        "an answer with number {found} came to question {expected} (expected one answer for each question, with its number \
         in the metadata)"
    )]
    Number {
        /// The number in the answer.
        found: String,
        /// The number of the question.
        expected: u64,
    },
    /// An answer holds other tensors than one of those that can be read.
    #[error("an answer holds {found} (expected one tensor, `classes` or `logits`)")]
    Tensors {
        /// The names.
        found: String,
    },
    /// A tensor has a type that is not read.
    #[error("`{tensor}` is of the type {found} (expected {expected})")]
    Type {
        /// The tensor.
        tensor: &'static str,
        /// Its type.
        found: String,
        /// The types that can be read.
        expected: &'static str,
    },
    /// A tensor has the wrong shape.
    #[error("`{tensor}` has the shape {found:?} (expected {expected})")]
    Shape {
        /// The tensor.
        tensor: &'static str,
        /// Its shape.
        found: Vec<usize>,
        /// What it should be.
        expected: String,
    },
    /// A pixel's class is none of the program's.
    #[error("{picture}: class {value} at x={x}, y={y} (expected 0 to {}, and no void)", class_count - 1)]
    Class {
        /// The image and its condition.
        picture: String,
        /// The class.
        value: u16,
        /// Its column.
        x: usize,
        /// Its row.
        y: usize,
        /// The number of classes.
        class_count: usize,
    },
    /// A logit is infinite or not a number.
    #[error("{picture}: a logit of class {class} is {value} (expected finite numbers)")]
    NotFinite {
        /// The image and its condition.
        picture: String,
        /// The class.
        class: usize,
        /// The logit.
        value: f32,
    },
    /// What should be logits are probabilities.
    #[error(
        "{picture}: these are probabilities: each pixel's add up to 1 (expected logits: what the network gives before its \
         softmax, or the logarithm of the probabilities)"
    )]
    Probabilities {
        /// The image and its condition.
        picture: String,
    },
    /// The program answered with an error of its own.
    #[error("the program says: {text}")]
    Refused {
        /// Its words.
        text: String,
    },
    /// Several scales are wanted of a program that predicts images of one size.
    #[error(
        "a mode of several scales asks at several sizes (expected sizes = any in the program's greeting)"
    )]
    OneSize,
    /// The background's score is to be rebuilt of a program's scores.
    #[error(
        "msc-rebuild rebuilds the background's score, which only scribe's own networks leave out (expected single, msc, \
         msc-softmax, msc-sigmoid or msc-logit)"
    )]
    Rebuild,
    /// Several scales are wanted of a program that gives no logits.
    #[error("a mode of several scales averages scores (expected `logits`, got `classes`)")]
    NoLogits,
    /// Scores cannot be brought to the image's size, or averaged.
    #[error("the scores cannot be brought to the size of the picture")]
    Scores {
        /// What failed.
        source: Arc<scribe_model::Error>,
    },
}

impl AskError {
    /// Whether the program cannot be asked any more.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            AskError::NotThere { .. }
                | AskError::Ended { .. }
                | AskError::Late { .. }
                | AskError::Stopped { .. }
                | AskError::Text { .. }
                | AskError::TooLong { .. }
                | AskError::Number { .. }
        )
    }
}

impl From<scribe_model::Error> for AskError {
    fn from(error: scribe_model::Error) -> AskError {
        AskError::Scores { source: Arc::new(error) }
    }
}

impl From<candle_core::Error> for AskError {
    fn from(error: candle_core::Error) -> AskError {
        scribe_model::Error::from(error).into()
    }
}
