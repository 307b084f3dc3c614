//! The name of one image of a data set.

use crate::{Error, Result};
use std::fmt;
use std::str::FromStr;

/// The name of one image within a data set, such as `2007_000033`.
///
/// It doubles as a file stem and as a key of results, so it is 1 to 128 characters of ASCII letters, digits,
/// `_`, `-` and `.`, and does not start with a dot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageId(String);

impl ImageId {
    /// The id with this text.
    ///
    /// # Errors
    /// [`Error::BadId`] when the text is empty, too long, starts with a dot or holds another character.
    pub fn new(text: impl Into<String>) -> Result<ImageId> {
        let value = text.into();
        match broken_rule(&value) {
            None => Ok(ImageId(value)),
            Some(reason) => Err(Error::BadId { value, reason }),
        }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ImageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for ImageId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for ImageId {
    type Err = Error;

    fn from_str(text: &str) -> Result<ImageId> {
        ImageId::new(text)
    }
}

impl TryFrom<String> for ImageId {
    type Error = Error;

    fn try_from(text: String) -> Result<ImageId> {
        ImageId::new(text)
    }
}

/// The rule that `text` breaks as an id, if any.
pub(crate) fn broken_rule(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        Some("it is empty")
    } else if text.len() > 128 {
        Some("it is longer than 128 characters")
    } else if text.starts_with('.') {
        Some("it starts with a dot")
    } else if !text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')) {
        Some("only ASCII letters, digits, '_', '-' and '.' are allowed")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_voc_names_and_refuses_paths() {
        assert_eq!(ImageId::new("2007_000033").unwrap().to_string(), "2007_000033");
        for bad in ["", "../etc/passwd", "a b", ".hidden", "a/b", "a\\b", "b\u{e9}", &"x".repeat(129)] {
            let error = ImageId::new(bad).unwrap_err();
            assert!(matches!(&error, Error::BadId { value, .. } if value == bad), "{error}");
        }
    }

    #[test]
    fn sorts_as_text() {
        let mut ids = ["b", "a-2", "a-10"].map(|t| ImageId::new(t).unwrap());
        ids.sort();
        assert_eq!(ids.map(|i| i.to_string()), ["a-10", "a-2", "b"]);
    }
}
