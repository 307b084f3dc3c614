//! What the processes of a group know of each other before they meet, and how long they wait.

use super::error::{GroupError, Result};
use super::word::Word;
use std::time::Duration;

/// The longest that processes wait for each other at the start: a cluster does not start all at once.
const PATIENCE: Duration = Duration::from_secs(600);
/// The longest wait for one message, as in PyTorch's `init_process_group`.
const TIMEOUT: Duration = Duration::from_secs(1800);

/// The word of a group, and its limits of time.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What all processes of the group share.
    pub word: Word,
    /// The longest wait for the processes to meet.
    pub patience: Duration,
    /// The longest wait for one message of another process after that.
    pub timeout: Duration,
}

impl Terms {
    /// Ten minutes to meet, and half an hour for each message.
    #[must_use]
    pub fn new(word: Word) -> Terms {
        Terms { word, patience: PATIENCE, timeout: TIMEOUT }
    }

    /// Reads `SCRIBE_TOKEN`, the group's secret, and `SCRIBE_TIMEOUT`, the seconds for each message, through `get`. Without
    /// a secret the word is `otherwise`, which should say what is trained.
    ///
    /// # Errors
    /// [`GroupError::Variable`] for a time that is not a whole number of seconds from 1.
    pub fn from_variables(get: &dyn Fn(&str) -> Option<String>, otherwise: &str) -> Result<Terms> {
        // An empty variable is one that a script left unset.
        let get =
            |name| get(name).map(|value: String| value.trim().to_string()).filter(|value| !value.is_empty());
        let word = match get("SCRIBE_TOKEN") {
            Some(token) => Word::new(&format!("token {token}")),
            None => Word::new(otherwise),
        };
        let mut terms = Terms::new(word);
        if let Some(value) = get("SCRIBE_TIMEOUT") {
            // A hundred years; more would overflow a clock.
            let seconds = value.parse().ok().filter(|seconds| (1..=3_155_760_000).contains(seconds));
            let expected = || "a whole number of seconds, at least 1".to_string();
            let refuse = || GroupError::Variable { name: "SCRIBE_TIMEOUT", value, expected: expected() };
            terms.timeout = Duration::from_secs(seconds.ok_or_else(refuse)?);
        }
        Ok(terms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Terms> {
        let get = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string())
        };
        Terms::from_variables(&get, "recipe smoke, run a")
    }

    #[test]
    fn the_launcher_s_word_comes_before_that_of_the_run() {
        assert_eq!(read(&[]).unwrap().word, Word::new("recipe smoke, run a"));
        assert_eq!(read(&[("SCRIBE_TOKEN", " ")]).unwrap().word, Word::new("recipe smoke, run a"));
        let own = read(&[("SCRIBE_TOKEN", "s3cret")]).unwrap();
        assert_eq!(own.word, read(&[("SCRIBE_TOKEN", "s3cret ")]).unwrap().word);
        assert!(own.word != Word::new("s3cret") && own.word != Word::new("recipe smoke, run a"));
    }

    #[test]
    fn the_time_is_in_whole_seconds() {
        assert_eq!(read(&[("SCRIBE_TIMEOUT", "90")]).unwrap().timeout, Duration::from_secs(90));
        for wrong in ["0", "-1", "1.5", "18446744073709551615", "a while"] {
            let said = read(&[("SCRIBE_TIMEOUT", wrong)]).unwrap_err().to_string();
            assert!(said.contains("SCRIBE_TIMEOUT") && said.contains("whole number of seconds"), "{said}");
        }
    }
}
