//! A corruption's name together with a severity.

use crate::{Error, Result, Severity};
use std::fmt;
use std::str::FromStr;

/// One column of the paper's Table 1: a corruption's name and a severity, written `gaussian_noise:3`.
///
/// ```
/// use scribe_corruptions::Condition;
/// let fog: Condition = "fog:5".parse()?;
/// assert_eq!((fog.corruption.as_str(), fog.severity.get()), ("fog", 5));
/// assert_eq!(fog.to_string(), "fog:5");
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Condition {
    /// The corruption's name; whether a suite holds it is found by [`Suite::get`](crate::Suite::get).
    pub corruption: String,
    /// The severity.
    pub severity: Severity,
}

impl FromStr for Condition {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (name, severity) =
            text.split_once(':').ok_or_else(|| Error::Condition { text: text.to_string() })?;
        Ok(Condition { corruption: name.to_string(), severity: severity.parse()? })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.corruption, self.severity)
    }
}
