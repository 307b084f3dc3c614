//! A colour as a classes file writes it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// An RGB colour. A file may write it as `"#804080"` or as `[128, 64, 128]`; it is written as the former.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Colour(pub [u8; 3]);

#[derive(Deserialize)]
#[serde(untagged, expecting = "a colour: \"#rrggbb\", or [red, green, blue] with numbers of 0 to 255")]
enum Written {
    Text(String),
    Numbers([u8; 3]),
}

impl fmt::Display for Colour {
    /// As `#804080`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Colour, D::Error> {
        match Written::deserialize(deserializer)? {
            Written::Numbers(colour) => Ok(Colour(colour)),
            Written::Text(text) => parse(&text).ok_or_else(|| {
                serde::de::Error::custom(format!("{text:?} is not a colour (expected \"#rrggbb\")"))
            }),
        }
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn parse(text: &str) -> Option<Colour> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    // `from_str_radix` takes a sign, which is no digit of a colour.
    let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    plain.then(|| Some(Colour([channel(0)?, channel(2)?, channel(4)?])))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_and_others_refused() {
        assert_eq!(parse("#804080"), Some(Colour([128, 64, 128])));
        assert_eq!(Colour([128, 64, 128]).to_string(), "#804080");
        for bad in ["804080", "#80408", "#8040800", "#80408g", "#+1+1+1", "#80\u{e9}08"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
