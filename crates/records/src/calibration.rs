//! Whether a network's probabilities are right: a reliability histogram and the Brier score of one image.

use crate::{Error, Result, VOID, for_each_pixel};
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

    /// Replaces the logits of one pixel by these probabilities.
    ///
    /// ```
    /// let mut row = [800.0, 800.0];
    /// scribe_records::Probability::Softmax.of_logits(&mut row);
    /// assert_eq!(row, [0.5, 0.5]);
    /// ```
    pub fn of_logits(self, row: &mut [f64]) {
        match self {
            Probability::Softmax => softmax(row),
            Probability::Sigmoid => row.iter_mut().for_each(|value| *value = 1.0 / (1.0 + (-*value).exp())),
        }
    }
}

fn softmax(row: &mut [f64]) {
    let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for value in row.iter_mut() {
        *value = (*value - largest).exp();
        sum += *value;
    }
    row.iter_mut().for_each(|value| *value /= sum);
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

    /// Counts the labelled pixels of one image: `scores` are `classes` planes of as many values as `truth` and `predicted`
    /// have, and `probabilities` makes the probabilities of a pixel of its scores.
    ///
    /// # Errors
    /// [`Error::Length`] if the three do not fit together, [`Error::Class`] for a value that is not a class; the counts are
    /// then as they were before.
    pub fn add_image(
        &mut self,
        scores: &[f32],
        classes: usize,
        truth: &[u8],
        predicted: &[u8],
        probabilities: impl Fn(&mut [f64]),
    ) -> Result<()> {
        check_pixels(classes, truth, predicted)?;
        for_each_pixel(scores, classes, predicted.len(), |pixel, row| {
            let (truth, predicted) = (truth[pixel], predicted[pixel]);
            if truth == VOID {
                return;
            }
            probabilities(row);
            let all: f64 = row.iter().map(|p| p * p).sum();
            // sum (p_c - y_c)^2 with y one-hot: sum p_c^2 - 2 p_truth + 1.
            let squares = all - 2.0 * row[truth as usize] + 1.0;
            self.add(row[predicted as usize], predicted == truth, squares);
        })
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

/// Refuses maps of different lengths, and a value of a labelled pixel that is not a class.
pub(crate) fn check_pixels(classes: usize, truth: &[u8], predicted: &[u8]) -> Result<()> {
    if truth.len() != predicted.len() {
        return Err(Error::Length { what: "prediction", found: predicted.len(), expected: truth.len() });
    }
    let labelled = truth.iter().zip(predicted).enumerate().filter(|(_, (truth, _))| **truth != VOID);
    for (pixel, (&truth, &predicted)) in labelled {
        for (what, value) in [("truth", truth), ("prediction", predicted)] {
            if usize::from(value) >= classes {
                return Err(Error::Class { what, value, pixel, classes });
            }
        }
    }
    Ok(())
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

    #[test]
    fn probabilities_of_large_logits_are_finite() {
        let mut row = [80.0, -80.0, 80.0];
        Probability::Softmax.of_logits(&mut row);
        assert_eq!(row.map(|p| (p * 1e6).round() / 1e6), [0.5, 0.0, 0.5]);
        let mut row = [800.0, -800.0, 0.0];
        Probability::Sigmoid.of_logits(&mut row);
        assert_eq!(row, [1.0, 0.0, 0.5]);
    }

    #[test]
    fn an_image_is_counted_pixel_by_pixel() {
        // Two planes of three pixels; the last is void. Confidences 0.75 and 0.25, the second one wrong.
        let mut counted = Calibration::new(2);
        let scores = [0.75, 0.25, 0.5, 0.25, 0.75, 0.5];
        counted.add_image(&scores, 2, &[0, 1, VOID], &[0, 0, 1], |_| ()).unwrap();
        let mut expected = Calibration::new(2);
        // 0.75^2 + 0.25^2 - 2 p + 1 with p = 0.75, twice.
        expected.add(0.75, true, 0.125);
        expected.add(0.25, false, 0.125);
        assert_eq!(counted, expected);
        for (truth, predicted) in [([0, 2, 0], [0, 0, 0]), ([0, 0, 0], [0, VOID, 0])] {
            let refused = counted.add_image(&scores, 2, &truth, &predicted, |_| ());
            assert!(matches!(refused, Err(Error::Class { pixel: 1, .. })));
        }
        assert!(counted.add_image(&scores, 2, &[0, 0], &[0, 0], |_| ()).is_err());
        assert_eq!(counted, expected);
    }
}
