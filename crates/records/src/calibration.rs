//! Whether a network's probabilities are right: a reliability histogram and the Brier score of one image.

use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// From which probabilities a calibration was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Probability {
    /// Softmax over all classes, background included: comparable between objectives; the Brier score is in [0, 2].
    Softmax,
    /// One sigmoid for each class, which need not add up to 1: what SCrIBE trains; the Brier score is in [0, K].
    Sigmoid,
}

impl Probability {
    /// The name in stores.
    pub fn as_str(self) -> &'static str {
        match self {
            Probability::Softmax => "softmax",
            Probability::Sigmoid => "sigmoid",
        }
    }
}

impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Probability {
    type Err = Error;

    fn from_str(name: &str) -> Result<Probability> {
        match name {
            "softmax" => Ok(Probability::Softmax),
            "sigmoid" => Ok(Probability::Sigmoid),
            other => Err(Error::Name { what: "probability", value: other.to_owned() }),
        }
    }
}

/// The labelled pixels whose confidence is in one bin.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CalibrationBin {
    /// How many.
    pub count: u64,
    /// How many of them are predicted right.
    pub correct: u64,
    /// The sum of their confidences.
    pub confidence: f64,
}

/// A histogram of confidences over equal bins of [0, 1] and a sum of squared errors, of labelled pixels.
///
/// The confidence of a pixel is the probability of the class that was predicted there.
/// Bin `i` of `B` holds the confidences in [i / B, (i + 1) / B), the last one 1 too.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    bins: Vec<CalibrationBin>,
    pixels: u64,
    squares: f64,
}

impl Calibration {
    /// Nothing counted yet, in `bins` bins.
    ///
    /// # Panics
    /// If `bins` is 0, which is a mistake in the program and not in its input.
    #[must_use]
    pub fn new(bins: usize) -> Calibration {
        assert!(bins > 0, "a calibration needs a bin");
        Calibration { bins: vec![CalibrationBin::default(); bins], pixels: 0, squares: 0.0 }
    }

    /// Counts one labelled pixel.
    ///
    /// `squares` is the sum over all classes of (p_c - y_c)^2, with y the one-hot truth (Brier 1950, without his factor).
    /// A confidence outside [0, 1], which only rounding makes, goes to the first or last bin.
    pub fn add(&mut self, confidence: f64, correct: bool, squares: f64) {
        let last = self.bins.len() - 1;
        let bin = &mut self.bins[((confidence * (last + 1) as f64) as usize).min(last)];
        bin.count += 1;
        bin.correct += u64::from(correct);
        bin.confidence += confidence;
        self.pixels += 1;
        self.squares += squares;
    }

    /// Adds the counts of other pixels.
    ///
    /// # Errors
    /// [`Error::Shape`] if the number of bins differs.
    pub fn merge(&mut self, other: &Calibration) -> Result<()> {
        if other.bins.len() != self.bins.len() {
            let (found, expected) = (other.bins.len(), self.bins.len());
            return Err(Error::Shape { what: "calibration", found, expected });
        }
        for (mine, theirs) in self.bins.iter_mut().zip(&other.bins) {
            mine.count += theirs.count;
            mine.correct += theirs.correct;
            mine.confidence += theirs.confidence;
        }
        self.pixels += other.pixels;
        self.squares += other.squares;
        Ok(())
    }

    /// The bins, from confidence 0 to 1.
    pub fn bins(&self) -> &[CalibrationBin] {
        &self.bins
    }

    /// Labelled pixels counted.
    pub fn pixels(&self) -> u64 {
        self.pixels
    }

    /// The sum of squared errors over pixels and classes.
    pub fn squares(&self) -> f64 {
        self.squares
    }

    /// Mean squared error of the probabilities, summed over classes: 0 is best; `None` if no pixel was counted.
    pub fn brier(&self) -> Option<f64> {
        (self.pixels > 0).then(|| self.squares / self.pixels as f64)
    }

    /// Expected calibration error (Guo et al. 2017, eq. 3): the mean over pixels of |accuracy - confidence| of their
    /// bins, in [0, 1]; `None` if no pixel was counted.
    pub fn ece(&self) -> Option<f64> {
        let gap = |b: &CalibrationBin| (b.correct as f64 - b.confidence).abs();
        (self.pixels > 0).then(|| self.bins.iter().map(gap).sum::<f64>() / self.pixels as f64)
    }

    /// From its stored parts.
    pub(crate) fn from_parts(bins: Vec<CalibrationBin>, pixels: u64, squares: f64) -> Calibration {
        Calibration { bins, pixels, squares }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_half_open_and_the_last_holds_one() {
        let mut c = Calibration::new(4);
        for p in [0.0, 0.2499, 0.25, 0.75, 1.0, 1.0 + 1e-12] {
            c.add(p, true, 0.0);
        }
        assert_eq!(c.bins().iter().map(|b| b.count).collect::<Vec<_>>(), [2, 1, 0, 3]);
        assert_eq!(c.pixels(), 6);
    }

    #[test]
    fn ece_and_brier_of_three_pixels_by_hand() {
        let mut c = Calibration::new(2);
        assert_eq!((c.ece(), c.brier()), (None, None));
        // Two sure pixels, one of them wrong: accuracy 0.5 at confidence 0.8; one unsure and right.
        c.add(0.9, true, 0.02);
        c.add(0.7, false, 0.98);
        c.add(0.4, true, 0.72);
        // (2 |0.5 - 0.8| + |1 - 0.4|) / 3 = 0.4; (0.02 + 0.98 + 0.72) / 3.
        assert!((c.ece().unwrap() - 0.4).abs() < 1e-15);
        assert!((c.brier().unwrap() - 1.72 / 3.0).abs() < 1e-15);
        let mut twice = c.clone();
        twice.merge(&c).unwrap();
        assert!((twice.ece().unwrap() - 0.4).abs() < 1e-15 && twice.pixels() == 6);
        assert!(twice.merge(&Calibration::new(3)).is_err());
    }
}
