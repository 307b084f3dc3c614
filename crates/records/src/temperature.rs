//! How a network's calibration changes when its logits are divided by a temperature: sums over a fixed grid of temperatures.

use crate::temperature_grid::TemperatureGrid;
use crate::temperatures::{TEMPERATURES, UNSCALED};
use crate::{Calibration, CalibrationBin, Error, Probability, Result, VOID, check_pixels, for_each_pixel};
use sha2::{Digest, Sha256};

/// The number of fine bins, by which pixels are ordered.
pub const RANKS: usize = 256;

/// Whether the temperature is fitted on an image; the other half of a set is scored. It is the lowest bit of the ninth byte
/// of the SHA-256 of the image's id, whose first eight say its block.
#[must_use]
pub fn is_fitted_on(image_id: &str) -> bool {
    Sha256::digest(image_id.as_bytes())[8] & 1 == 0
}

/// Sums of labelled pixels for one kind of probability at every temperature of the grid.
///
/// Of the images that a temperature is fitted on, the negative log-likelihood; of the others, a [`Calibration`], and at
/// temperature 1 fine bins of confidence, which order the pixels. A softmax's likelihood is that of the true class, that of
/// sigmoids the product over all classes. Logits are divided by the temperature when they are finished: the background's
/// with the others, so that the predicted class never changes.
#[derive(Clone, Debug, PartialEq)]
pub struct TemperatureSweep {
    pub(crate) fit_pixels: u64,
    pub(crate) losses: Vec<f64>,
    pub(crate) scored: Vec<Calibration>,
    pub(crate) ranks: Vec<CalibrationBin>,
}

impl TemperatureSweep {
    /// Nothing counted yet; calibrations have `bins` bins.
    ///
    /// # Panics
    /// If `bins` is 0, which is a mistake in the program and not in its input.
    #[must_use]
    pub fn new(bins: usize) -> TemperatureSweep {
        TemperatureSweep {
            fit_pixels: 0,
            losses: vec![0.0; TEMPERATURES],
            scored: vec![Calibration::new(bins); TEMPERATURES],
            ranks: vec![CalibrationBin::default(); RANKS],
        }
    }

    /// Counts the labelled pixels of an image that is scored: `logits` are `classes` planes of as many values as `truth` and
    /// `predicted` have.
    ///
    /// # Errors
    /// [`Error::Length`] if the three do not fit together, [`Error::Class`] for a value that is not a class; nothing is then
    /// counted.
    pub fn score_image(
        &mut self,
        probability: Probability,
        logits: &[f32],
        classes: usize,
        truth: &[u8],
        predicted: &[u8],
    ) -> Result<()> {
        check_pixels(classes, truth, predicted)?;
        let mut grid = TemperatureGrid::new(probability, classes);
        for_each_pixel(logits, classes, predicted.len(), |pixel, row| {
            if truth[pixel] == VOID {
                return;
            }
            let (truth, predicted) = (usize::from(truth[pixel]), usize::from(predicted[pixel]));
            grid.each(row, |place, at| {
                let [confidence, squares] = at.confidence_and_squares(truth, predicted);
                self.scored[place].add(confidence, predicted == truth, squares);
                if place == UNSCALED {
                    self.rank(confidence, predicted == truth);
                }
            });
        })
    }

    /// Counts the labelled pixels of an image that the temperature is fitted on.
    ///
    /// # Errors
    /// As [`TemperatureSweep::score_image`].
    pub fn fit_image(
        &mut self,
        probability: Probability,
        logits: &[f32],
        classes: usize,
        truth: &[u8],
    ) -> Result<()> {
        check_pixels(classes, truth, truth)?;
        let mut grid = TemperatureGrid::new(probability, classes);
        for_each_pixel(logits, classes, truth.len(), |pixel, row| {
            if truth[pixel] == VOID {
                return;
            }
            self.fit_pixels += 1;
            grid.each(row, |place, at| self.losses[place] += at.loss(usize::from(truth[pixel])));
        })
    }

    /// Adds a pixel to its fine bin: that of the log-odds of its confidence, an eighth wide, from -8 to 24.
    fn rank(&mut self, confidence: f64, correct: bool) {
        let odds = (confidence / (1.0 - confidence)).ln();
        let bin = &mut self.ranks[(((odds + 8.0) * 8.0) as usize).min(RANKS - 1)];
        bin.count += 1;
        bin.correct += u64::from(correct);
        bin.confidence += confidence;
    }

    /// Adds the sums of other pixels.
    ///
    /// # Errors
    /// [`Error::Shape`] if the number of bins differs.
    pub fn merge(&mut self, other: &TemperatureSweep) -> Result<()> {
        for (mine, theirs) in self.scored.iter_mut().zip(&other.scored) {
            mine.merge(theirs)?;
        }
        self.fit_pixels += other.fit_pixels;
        self.losses.iter_mut().zip(&other.losses).for_each(|(mine, theirs)| *mine += theirs);
        for (mine, theirs) in self.ranks.iter_mut().zip(&other.ranks) {
            mine.count += theirs.count;
            mine.correct += theirs.correct;
            mine.confidence += theirs.confidence;
        }
        Ok(())
    }

    /// Labelled pixels of the images that the temperature is fitted on.
    pub fn fit_pixels(&self) -> u64 {
        self.fit_pixels
    }

    /// The sum of their negative log-likelihoods at each temperature of the grid, in nats.
    pub fn losses(&self) -> &[f64] {
        &self.losses
    }

    /// The calibration of the scored images at each temperature of the grid.
    pub fn scored(&self) -> &[Calibration] {
        &self.scored
    }

    /// The scored images at temperature 1, in [`RANKS`] bins of equal width of ln(p / (1 - p)), p the confidence.
    pub fn ranks(&self) -> &[CalibrationBin] {
        &self.ranks
    }

    /// The place in the grid of the temperature with the least loss; `None` if no pixel was fitted on.
    pub fn best(&self) -> Option<usize> {
        let by_loss = |a: &usize, b: &usize| self.losses[*a].total_cmp(&self.losses[*b]);
        (0..TEMPERATURES).min_by(by_loss).filter(|_| self.fit_pixels > 0)
    }
}

/// The sweeps of one image or block, one for each kind of probability.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TemperatureSweeps {
    /// Each kind at most once, ascending.
    pub of: Vec<(Probability, TemperatureSweep)>,
}

impl TemperatureSweeps {
    /// Adds the sums of other pixels.
    ///
    /// # Errors
    /// [`Error::Shape`] if the number of bins or the kinds differ.
    pub fn merge(&mut self, other: &TemperatureSweeps) -> Result<()> {
        let kinds = |of: &TemperatureSweeps| of.of.iter().map(|(kind, _)| *kind).collect::<Vec<_>>();
        if kinds(self) != kinds(other) {
            let (found, expected) = (other.of.len(), self.of.len());
            return Err(Error::Shape {
                what: "kinds of probability of a temperature sweep",
                found,
                expected,
            });
        }
        self.of.iter_mut().zip(&other.of).try_for_each(|((_, mine), (_, theirs))| mine.merge(theirs))
    }
}
