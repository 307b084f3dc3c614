//! The greeting that a program sends before its first answer.

use super::frame::Metadata;
use super::messages::{Reader, text};
use super::{ASK_PROTOCOL, AskError, Result};
use scribe_base::human;
use scribe_model::ScoreSpace;

/// How many images a program is asked for at once that does not say it.
const BATCH: usize = 8;
/// A greater number of images counts as this one: a batch holds conditions of one image, of which there are 76.
const MOST: usize = 1024;
/// The entries that a greeting may have. The last three are those of scribe's own greeting, and of an error.
const KNOWN: [&str; 9] =
    ["protocol", "classes", "space", "batch", "sizes", "network", "message", "created_by", "error"];
/// How many unknown entries are named, and of how many characters.
const NAMED: usize = 5;
const LONGEST_NAMED: usize = 40;

/// What a program says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// The number of classes.
    pub class_count: usize,
    /// The kind of probabilities that its training aims at, [`ScoreSpace::Softmax`] or [`ScoreSpace::Sigmoid`].
    pub space: ScoreSpace,
    /// The greatest number of images in one question, at most 1024.
    pub batch: usize,
    /// Whether it predicts images of other sizes than that of the test, which several scales need.
    pub other_sizes: bool,
    /// What the program names its network, for example the SHA-256 of a file of weights.
    pub network: Option<String>,
    /// The first of the entries that mean nothing here, without control characters.
    pub unknown: Vec<String>,
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
            batch: reader.number("batch", Some(BATCH))?.min(MOST),
            other_sizes: reader.one_of("sizes", &[("one", false), ("any", true)])?,
            network: reader.name("network")?,
            unknown: unknown(metadata),
        };
        if hello.class_count != class_count {
            return Err(AskError::ClassCount { found: hello.class_count, expected: class_count });
        }
        Ok(hello)
    }
}

fn unknown(metadata: &Metadata) -> Vec<String> {
    let readable = |name: &String| {
        name.chars()
            .filter(|c| !c.is_control() && !human::is_unsafe(*c))
            .take(LONGEST_NAMED)
            .collect::<String>()
    };
    metadata.keys().filter(|name| !KNOWN.contains(&name.as_str())).take(NAMED).map(readable).collect()
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
            unknown: Vec::new(),
        };
        assert_eq!(hello, expected);
        let more = [("space", "sigmoid"), ("batch", "3"), ("sizes", "any"), ("network", "a b")];
        let hello = read(&[&[("protocol", "1"), ("classes", "21")], &more[..]].concat()).unwrap();
        assert_eq!((hello.space, hello.batch, hello.other_sizes), (ScoreSpace::Sigmoid, 3, true));
        assert_eq!(hello.network.as_deref(), Some("a b"));
        assert!(hello.unknown.is_empty());
    }

    #[test]
    fn any_number_of_images_may_be_named_and_is_bounded() {
        // The second is 2^64 - 1, the third more than any number of a processor.
        for (named, taken) in [
            ("1024", 1024),
            ("18446744073709551615", 1024),
            ("99999999999999999999999", 1024),
            ("1000000000000", 1024),
            ("7", 7),
        ] {
            let hello = read(&[("protocol", "1"), ("classes", "21"), ("batch", named)]).unwrap();
            assert_eq!(hello.batch, taken, "{named}");
        }
    }

    #[test]
    fn entries_that_mean_nothing_are_named() {
        let hello =
            read(&[("protocol", "1"), ("classes", "21"), ("nework", "v1"), ("a\u{1b}b", "")]).unwrap();
        assert_eq!(hello.unknown, ["ab", "nework"]);
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
            (with("network", "a\u{202e}b"), ["network = a\\u{202e}b", "turns the direction of writing"]),
            (with("network", "a\u{200b}b"), ["network = a\\u{200b}b", "cannot be seen"]),
            (with("error", "no weights"), ["the program says: no weights", ""]),
        ] {
            assert!(parts.iter().all(|part| message.contains(part)), "{parts:?}: {message}");
        }
    }
}
