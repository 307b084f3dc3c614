//! Where the textures of the corruption `frost` come from.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Where frost's textures come from. Its text is the name of frost's implementation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum FrostSource {
    /// `reference/1`: the six pictures of the authors' package, which must be fetched.
    Reference,
    /// `frost-procedural/1`: textures that are drawn, so that nothing must be fetched; results differ from the paper's.
    Procedural,
    /// `none`: the suite has no frost.
    #[default]
    Absent,
    /// The implementation of a caller.
    Other(String),
}

impl FrostSource {
    /// The text of stores.
    pub fn as_str(&self) -> &str {
        match self {
            FrostSource::Reference => "reference/1",
            FrostSource::Procedural => "frost-procedural/1",
            FrostSource::Absent => "none",
            FrostSource::Other(implementation) => implementation,
        }
    }
}

impl From<&str> for FrostSource {
    fn from(text: &str) -> FrostSource {
        let known = [FrostSource::Reference, FrostSource::Procedural, FrostSource::Absent];
        let found = known.into_iter().find(|source| source.as_str() == text);
        found.unwrap_or_else(|| FrostSource::Other(text.to_owned()))
    }
}

impl From<String> for FrostSource {
    fn from(text: String) -> FrostSource {
        FrostSource::from(text.as_str())
    }
}

impl From<FrostSource> for String {
    fn from(source: FrostSource) -> String {
        source.as_str().to_owned()
    }
}

impl fmt::Display for FrostSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_read_back_as_it_was() {
        for text in ["reference/1", "frost-procedural/1", "none", "mine/3", ""] {
            assert_eq!(FrostSource::from(text).to_string(), text);
            let json = format!("\"{text}\"");
            let read: FrostSource = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
        }
        assert_eq!(FrostSource::from("frost-procedural/1"), FrostSource::Procedural);
    }
}
