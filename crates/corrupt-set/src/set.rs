//! What a corrupted set holds.

use crate::given::GivenPictures;
use crate::protocol::Protocol;
use crate::{Error, Result};
use scribe_dataset::Split;

/// What a corrupted set holds.
pub struct CorruptSet<'a> {
    /// The images.
    pub split: &'a dyn Split,
    /// The split's name, which the set remembers.
    pub split_name: &'a str,
    /// How many images, from the split's first; at most all.
    pub images: usize,
    /// What is done to them.
    pub protocol: Protocol<'a>,
    /// Conditions whose pictures are given, after those that are made.
    pub given: &'a [GivenPictures<'a>],
    /// Threads, at least 1; the bytes do not depend on it.
    pub threads: usize,
}

impl CorruptSet<'_> {
    /// Conditions of each image, clean among them.
    pub(crate) fn conditions(&self) -> usize {
        self.protocol.conditions() + self.given.len()
    }

    /// Refuses settings that are out of their ranges.
    pub(crate) fn check(&self) -> Result<()> {
        if self.threads == 0 {
            let expected = "at least 1".to_owned();
            return Err(Error::Setting { name: "threads", value: "0".to_owned(), expected });
        }
        let listed = self.split.ids().len();
        if self.images == 0 || self.images > listed {
            let expected = format!("1 to {listed}");
            return Err(Error::Setting { name: "images", value: self.images.to_string(), expected });
        }
        self.protocol.check()
    }
}
