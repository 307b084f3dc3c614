//! Entries of a frame's metadata: written as text, and read with errors that name them.

use super::frame::Metadata;
use super::{AskError, Result};
use scribe_base::human;
use std::num::IntErrorKind;

/// The longest text that is taken from a program.
const LONGEST_NAME: usize = 200;

/// An entry.
pub(super) fn text(name: &str, value: impl ToString) -> (String, String) {
    (name.to_owned(), value.to_string())
}

/// The metadata of a frame that a program sent.
pub(super) struct Reader<'a> {
    /// What the frame is, for errors.
    pub(super) frame: &'static str,
    pub(super) metadata: &'a Metadata,
}

impl Reader<'_> {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.metadata.get(name).map(String::as_str)
    }

    /// Refuses a frame with which the program reports an error of its own.
    pub(super) fn refuse_error(&self) -> Result<()> {
        match self.get("error") {
            Some(text) => Err(AskError::Refused { text: text.chars().take(4 * LONGEST_NAME).collect() }),
            None => Ok(()),
        }
    }

    /// A number of at least 1; one that is too great for the processor counts as the greatest.
    pub(super) fn number(&self, name: &'static str, default: Option<usize>) -> Result<usize> {
        let found = self.get(name);
        let parsed = found.map(|text| match text.parse::<usize>() {
            Err(error) if *error.kind() == IntErrorKind::PosOverflow => Ok(usize::MAX),
            other => other,
        });
        match (parsed, default) {
            (None, Some(default)) => Ok(default),
            (Some(Ok(number)), _) if number > 0 => Ok(number),
            _ => Err(self.wrong(name, "a whole number of at least 1".to_owned())),
        }
    }

    /// One of a few words, the first of them where there is none.
    pub(super) fn one_of<T: Copy>(&self, name: &'static str, words: &[(&str, T)]) -> Result<T> {
        let found = self.get(name).unwrap_or(words[0].0);
        let word = words.iter().find(|(word, _)| *word == found);
        word.map(|(_, value)| *value).ok_or_else(|| {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(name, words.join(" or "))
        })
    }

    /// A short text, where there is one.
    pub(super) fn name(&self, name: &'static str) -> Result<Option<String>> {
        let Some(found) = self.get(name) else { return Ok(None) };
        let length = found.chars().count();
        // The store and the report show it.
        let hidden = |c: char| c.is_control() || human::is_unsafe(c);
        if !(1..=LONGEST_NAME).contains(&length) || found.contains(hidden) {
            let expected = format!(
                "1 to {LONGEST_NAME} characters, no control characters, and none that turns the direction of writing or cannot \
                 be seen"
            );
            return Err(self.wrong(name, expected));
        }
        Ok(Some(found.to_owned()))
    }

    fn wrong(&self, name: &'static str, expected: String) -> AskError {
        let found: String = self.get(name).unwrap_or("(none)").chars().take(LONGEST_NAME).collect();
        let found = human::printable(&found).into_owned();
        AskError::Field { frame: self.frame, name, found, expected }
    }
}
