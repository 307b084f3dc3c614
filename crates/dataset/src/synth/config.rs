//! The settings of a synthetic set.

use crate::{CLASS_NAMES, Error, ImageId, Result};

/// The size and content of a synthetic set; the same value gives the same pictures on every machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SynthConfig {
    /// Pictures in `train`.
    pub train: usize,
    /// Pictures in `val`.
    pub val: usize,
    /// Width of each picture in pixels: 32 to 4096.
    pub width: u32,
    /// Height of each picture in pixels: 32 to 4096.
    pub height: u32,
    /// The classes of the objects, each from 1 to 20 and once.
    pub classes: Vec<u8>,
    /// The seed of all pictures.
    pub seed: u64,
}

impl Default for SynthConfig {
    /// The set that `scribe data synth` draws without options: 240 pictures for training and 24 for validation, of 96 x 72
    /// pixels, with objects of four classes.
    fn default() -> SynthConfig {
        SynthConfig { train: 240, val: 24, width: 96, height: 72, classes: vec![3, 8, 12, 15], seed: 2020 }
    }
}

impl SynthConfig {
    /// Checks every range.
    ///
    /// # Errors
    /// [`Error::Setting`] naming the value that is out of range.
    pub fn check(&self) -> Result<()> {
        let refuse = |name, value, expected| Err(Error::Setting { name, value, expected });
        let sides = 32..=4096;
        let mut sorted = self.classes.clone();
        sorted.sort_unstable();
        sorted.dedup();
        if self.train == 0 || self.val == 0 || self.train + self.val > 1_000_000 {
            let value = format!("{} + {}", self.train, self.val);
            refuse("the number of synthetic pictures", value, "at least one each, a million at most")
        } else if !sides.contains(&self.width) || !sides.contains(&self.height) {
            let value = format!("{}x{}", self.width, self.height);
            refuse("the size of synthetic pictures", value, "32 to 4096 pixels per side")
        } else if sorted.is_empty() || sorted.len() != self.classes.len() {
            refuse("the list of synthetic classes", format!("{:?}", self.classes), "at least one, none twice")
        } else if sorted.iter().any(|&c| c == 0 || usize::from(c) >= CLASS_NAMES.len()) {
            refuse("the list of synthetic classes", format!("{:?}", self.classes), "values from 1 to 20")
        } else {
            Ok(())
        }
    }

    /// The ids of `train`, then those of `val`: numbered consecutively, so that no id is in both.
    pub(super) fn ids(&self) -> (Vec<ImageId>, Vec<ImageId>) {
        let id = |number: usize| ImageId::new(format!("synth_{number:06}")).expect("letters and digits");
        ((0..self.train).map(id).collect(), (self.train..self.train + self.val).map(id).collect())
    }
}
