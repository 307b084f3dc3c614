//! The strength of a corruption: a whole number from 1 to 5.

use crate::{Error, Result};
use std::fmt;
use std::str::FromStr;

/// A severity in `1..=5`; there is no zero (the clean picture is not a corruption).
///
/// ```
/// use scribe_corruptions::Severity;
/// assert_eq!("3".parse::<Severity>()?.get(), 3);
/// assert!(Severity::new(0).is_err());
/// assert!(Severity::new(6).is_err());
/// # Ok::<(), scribe_corruptions::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Severity(u8);

impl Severity {
    /// The five severities, weakest first.
    pub const ALL: [Severity; 5] = [Severity(1), Severity(2), Severity(3), Severity(4), Severity(5)];

    /// A severity from its number.
    ///
    /// # Errors
    /// [`Error::Severity`] unless `value` is in `1..=5`.
    pub fn new(value: u8) -> Result<Self> {
        if (1..=5).contains(&value) {
            Ok(Severity(value))
        } else {
            Err(Error::Severity { value: value.to_string() })
        }
    }

    /// The number, in `1..=5`.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }

    /// The number as an index from 0, for tables of five constants.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0 - 1)
    }

    /// The constant of this severity out of a table of five.
    #[must_use]
    pub fn pick<T: Copy>(self, table: &[T; 5]) -> T {
        table[self.index()]
    }
}

impl TryFrom<u8> for Severity {
    type Error = Error;

    fn try_from(value: u8) -> Result<Self> {
        Severity::new(value)
    }
}

impl FromStr for Severity {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let refused = || Error::Severity { value: text.to_string() };
        Severity::new(text.trim().parse::<u8>().map_err(|_| refused())?).map_err(|_| refused())
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
