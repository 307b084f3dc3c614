//! The name of one image of a data set.

use crate::{Error, Result};
use std::fmt;
use std::path::Path;
use std::str::FromStr;

/// The name of one image within a data set, such as `2007_000033`, or `frankfurt/frankfurt_000000_000294` where its
/// files are in folders.
///
/// It doubles as a path below a folder and as a key of results, so it is 1 to 255 bytes. Between slashes, each part
/// has at least one character, does not start with a dot, and neither starts nor ends with a space. No part has control
/// characters or one of `\\ : * ? " < > |`.
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

/// The id `text` of a file that was found; the error names the file.
pub(crate) fn id_of_file(text: &str, path: &Path) -> Result<ImageId> {
    let named = |error| match error {
        Error::BadId { reason, .. } => Error::BadId { value: path.display().to_string(), reason },
        other => other,
    };
    ImageId::new(text).map_err(named)
}

/// The rule that `text` breaks as an id, if any.
pub(crate) fn broken_rule(text: &str) -> Option<&'static str> {
    let of_no_file = |c: char| c.is_control() || r#"\:*?"<>|"#.contains(c);
    if text.is_empty() {
        Some("it is empty")
    } else if text.len() > 255 {
        Some("it is longer than 255 bytes")
    } else if text.contains(of_no_file) {
        Some(r#"control characters and \ : * ? " < > | are not allowed"#)
    } else {
        text.split('/').find_map(broken_rule_of_part)
    }
}

/// The rule that the name of a file or a folder breaks within an id.
fn broken_rule_of_part(part: &str) -> Option<&'static str> {
    if part.is_empty() {
        Some("a folder in it has no name")
    } else if part.starts_with('.') {
        Some("it, or a folder in it, starts with a dot")
    } else if part.trim() != part {
        Some("it, or a folder in it, starts or ends with a space")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_names_and_folders_and_refuses_other_paths() {
        for good in ["2007_000033", "frankfurt/frankfurt_000000_000294", "my photo (2)", "b\u{e9}"] {
            assert_eq!(ImageId::new(good).unwrap().to_string(), good);
        }
        let long = "x".repeat(256);
        for bad in [
            "",
            "../etc/passwd",
            "/etc",
            "a//b",
            "a/",
            "a/../b",
            ".hidden",
            "a/.b",
            " a",
            "a /b",
            "a\\b",
            "a:b",
            "a\n",
            &long,
        ] {
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
