//! Checked names of models and modes, cheap to clone because a store holds many keys.

use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// The longest name that is taken, in bytes.
const MAX_LEN: usize = 64;

macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(Arc<str>);

        impl $type {
            /// Checks the name: 1 to 64 of the characters `a-z A-Z 0-9 . _ -`.
            ///
            /// # Errors
            /// [`Error::Name`] for any other.
            pub fn new(name: impl AsRef<str>) -> Result<Self> {
                checked($what, name.as_ref()).map(Self)
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl TryFrom<String> for $type {
            type Error = Error;
            fn try_from(name: String) -> Result<Self> {
                Self::new(name)
            }
        }

        impl std::str::FromStr for $type {
            type Err = Error;
            fn from_str(name: &str) -> Result<Self> {
                Self::new(name)
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> String {
                name.0.as_ref().to_owned()
            }
        }
    };
}

name! {
    /// The id of a model, which keys and file names use, for example `scribe`.
    ModelId, "model id"
}

name! {
    /// The mode of inference: `single`, `msc`, or a variant such as `msc-logit`.
    Mode, "mode"
}

impl Mode {
    /// One forward pass at the image's own size.
    pub fn single() -> Mode {
        Mode("single".into())
    }

    /// Multi-scale and flipped, averaged in the objective's default space.
    pub fn msc() -> Mode {
        Mode("msc".into())
    }
}

fn checked(what: &'static str, name: &str) -> Result<Arc<str>> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if name.is_empty() || name.len() > MAX_LEN || !name.chars().all(plain) {
        return Err(Error::Name { what, value: name.to_owned() });
    }
    Ok(name.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_pass_and_others_are_named_in_the_error() {
        assert_eq!(ModelId::new("ibe-2.0_b").unwrap().as_str(), "ibe-2.0_b");
        assert_eq!(Mode::single().to_string(), "single");
        for bad in ["", "two words", "a/b", "ü", &"x".repeat(65)] {
            let error = ModelId::new(bad).unwrap_err().to_string();
            assert!(error.contains("model id") && error.contains(bad), "{error}");
        }
    }

    #[test]
    fn json_refuses_what_new_refuses() {
        assert_eq!(serde_json::from_str::<Mode>("\"msc-logit\"").unwrap(), Mode::new("msc-logit").unwrap());
        assert!(serde_json::from_str::<Mode>("\"a b\"").is_err());
    }
}
