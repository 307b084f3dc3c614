//! What was done to an image: one corruption at one severity, or nothing.

use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A corruption and its severity (1 to 5), or `clean` with severity 0.
///
/// The derived order is alphabetical and serves maps; [`crate::Manifest::conditions`] has the order of the paper's
/// tables.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Condition {
    /// The corruption's name as the reference spells it (`gaussian_noise`), or `clean`.
    pub corruption: String,
    /// 1 to 5; 0 only for `clean`.
    pub severity: u8,
}

impl Condition {
    /// The name of the condition without corruption.
    pub const CLEAN: &'static str = "clean";

    /// A condition; `clean` has severity 0 and everything else 1 to 5.
    ///
    /// # Errors
    /// [`Error::Severity`] for another severity, or an empty name.
    pub fn new(corruption: impl Into<String>, severity: u8) -> Result<Condition> {
        let corruption = corruption.into();
        let fits = if corruption == Self::CLEAN { severity == 0 } else { (1..=5).contains(&severity) };
        if corruption.is_empty() || !fits {
            return Err(Error::Severity { corruption, severity });
        }
        Ok(Condition { corruption, severity })
    }

    /// The condition of an image without corruption.
    pub fn clean() -> Condition {
        Condition { corruption: Self::CLEAN.to_owned(), severity: 0 }
    }

    /// Whether the image is not corrupted.
    pub fn is_clean(&self) -> bool {
        self.corruption == Self::CLEAN
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_clean() {
            return f.write_str(Self::CLEAN);
        }
        write!(f, "{}:{}", self.corruption, self.severity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severity_is_one_to_five_and_clean_is_zero() {
        assert_eq!(Condition::new("fog", 3).unwrap().to_string(), "fog:3");
        assert_eq!(Condition::new("clean", 0).unwrap(), Condition::clean());
        for (name, severity) in [("fog", 0), ("fog", 6), ("clean", 1), ("", 1)] {
            assert!(Condition::new(name, severity).is_err(), "{name}:{severity}");
        }
    }
}
