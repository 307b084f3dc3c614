//! The greeting that a program sends before its first answer.

use super::frame::Metadata;
use super::messages::{Reader, text};
use super::{ASK_PROTOCOL, AskError, Result};
use scribe_model::ScoreSpace;

/// How many images a program is asked for at once that does not say it.
const BATCH: usize = 8;

/// What a program says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// The number of classes.
    pub class_count: usize,
    /// The kind of probabilities that its training aims at, [`ScoreSpace::Softmax`] or [`ScoreSpace::Sigmoid`].
    pub space: ScoreSpace,
    /// The greatest number of images in one question.
    pub batch: usize,
    /// Whether it predicts images of other sizes than that of the test, which several scales need.
    pub other_sizes: bool,
    /// What the program names its network, for example the SHA-256 of a file of weights.
    pub network: Option<String>,
}

impl Hello {
    /// What scribe says first.
    pub(super) fn ours(class_count: usize) -> Metadata {
        Metadata::from([
            text("message", "hello"),
            text("protocol", ASK_PROTOCOL),
            text("classes", class_count),
            text("created_by", concat!("scribe ", env!("CARGO_PKG_VERSION"))),
        ])
    }

    /// Reads a greeting.
    ///
    /// # Errors
    /// [`AskError::Protocol`], [`AskError::Field`], [`AskError::ClassCount`], or the program's own words.
    pub(super) fn read(metadata: &Metadata, class_count: usize) -> Result<Hello> {
        let reader = Reader { frame: "the greeting", metadata };
        reader.refuse_error()?;
        let found = reader.get("protocol").unwrap_or("(none)");
        if found != ASK_PROTOCOL.to_string() {
            return Err(AskError::Protocol { found: found.to_owned(), expected: ASK_PROTOCOL });
        }
        let hello = Hello {
            class_count: reader.number("classes", None)?,
            space: reader
                .one_of("space", &[("softmax", ScoreSpace::Softmax), ("sigmoid", ScoreSpace::Sigmoid)])?,
            batch: reader.number("batch", Some(BATCH))?,
            other_sizes: reader.one_of("sizes", &[("one", false), ("any", true)])?,
            network: reader.name("network")?,
        };
        if hello.class_count != class_count {
            return Err(AskError::ClassCount { found: hello.class_count, expected: class_count });
        }
        Ok(hello)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(entries: &[(&str, &str)]) -> std::result::Result<Hello, String> {
        let metadata = entries.iter().map(|(name, value)| text(name, value)).collect();
        Hello::read(&metadata, 21).map_err(|error| error.to_string())
    }

    #[test]
    fn a_greeting_needs_a_version_and_a_number_of_classes() {
        let hello = read(&[("protocol", "1"), ("classes", "21")]).unwrap();
        let expected = Hello {
            class_count: 21,
            space: ScoreSpace::Softmax,
            batch: BATCH,
            other_sizes: false,
            network: None,
        };
        assert_eq!(hello, expected);
        let more = [("space", "sigmoid"), ("batch", "3"), ("sizes", "any"), ("network", "a b")];
        let hello = read(&[&[("protocol", "1"), ("classes", "21")], &more[..]].concat()).unwrap();
        assert_eq!((hello.space, hello.batch, hello.other_sizes), (ScoreSpace::Sigmoid, 3, true));
        assert_eq!(hello.network.as_deref(), Some("a b"));
    }

    #[test]
    fn every_wrong_greeting_is_named() {
        let with = |name: &'static str, value: &'static str| {
            read(&[("protocol", "1"), ("classes", "21"), (name, value)]).unwrap_err()
        };
        for (message, parts) in [
            (read(&[]).unwrap_err(), ["version (none)", "expected 1"]),
            (read(&[("protocol", "2")]).unwrap_err(), ["version 2", "expected 1"]),
            (read(&[("protocol", "1")]).unwrap_err(), ["classes = (none)", "whole number"]),
            (with("classes", "19"), ["predicts 19 classes", "expected 21; --classes and --map"]),
            (with("classes", "many"), ["classes = many", "whole number"]),
            (with("batch", "0"), ["batch = 0", "at least 1"]),
            (with("space", "logit"), ["space = logit", "softmax or sigmoid"]),
            (with("sizes", "all"), ["sizes = all", "one or any"]),
            (with("network", ""), ["network = ", "1 to 200 characters"]),
            (with("network", "a\nb"), ["network = a", "no control characters"]),
            (with("error", "no weights"), ["the program says: no weights", ""]),
        ] {
            assert!(parts.iter().all(|part| message.contains(part)), "{parts:?}: {message}");
        }
    }
}
