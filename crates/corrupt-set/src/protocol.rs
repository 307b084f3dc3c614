//! Under which conditions images are shown, and at which size.

use crate::only_view::only_view;
use crate::{Error, Result};
use scribe_corruptions::{Severity, Suite};
use scribe_dataset::{CorruptionPlace, TestView};

/// What is done to every image: its view, the corruptions at their severities, and the seed of their randomness.
#[derive(Debug, Clone, Copy)]
pub struct Protocol<'a> {
    /// The implementations of the corruptions, and the order in which they see the channels of a pixel.
    pub suite: &'a Suite,
    /// Names of corruptions of the suite, each once.
    pub corruptions: &'a [String],
    /// Severities, each once; every corruption is applied at each of them.
    pub severities: &'a [Severity],
    /// How an image is brought to its size.
    pub view: TestView,
    /// Whether an image is corrupted after that, or before it at the size of its file.
    pub corruption_place: CorruptionPlace,
    /// The seed from which the seed of every corrupted image follows ([`scribe_corruptions::seed_for`]).
    pub master_seed: u64,
}

impl Protocol<'_> {
    /// Conditions of each image, clean among them.
    pub(crate) fn conditions(&self) -> usize {
        1 + self.corruptions.len() * self.severities.len()
    }

    /// Refuses what the suite does not have or take, and what is named twice.
    pub(crate) fn check(&self) -> Result<()> {
        let (suite, value) = (self.suite.name(), self.view.to_string());
        if let Some(only) = only_view(suite).filter(|only| value != *only) {
            let expected = format!("{only}, the only size of suite {suite}");
            return Err(Error::Setting { name: "view", value, expected });
        }
        if let Some(only) = only_view(suite).filter(|_| self.corruption_place != CorruptionPlace::AfterView) {
            let (name, value) = ("corrupt", self.corruption_place.to_string());
            let expected = format!("after_view, because suite {suite} takes only pictures of {only}");
            return Err(Error::Setting { name, value, expected });
        }
        let once = || "each of them once".to_owned();
        for (i, corruption) in self.corruptions.iter().enumerate() {
            self.suite.get(corruption)?;
            if self.corruptions[..i].contains(corruption) {
                let value = format!("{corruption} twice");
                return Err(Error::Setting { name: "corruptions", value, expected: once() });
            }
        }
        for (i, severity) in self.severities.iter().enumerate() {
            if self.severities[..i].contains(severity) {
                let value = format!("{severity} twice");
                return Err(Error::Setting { name: "severities", value, expected: once() });
            }
        }
        Ok(())
    }
}
