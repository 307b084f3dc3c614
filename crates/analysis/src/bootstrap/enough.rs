//! How many resamples the ends of an interval need.

use super::Bootstrap;
use crate::error::{Error, Result};
use crate::format::brief;

/// The least number of resamples beyond each end of an interval: the end then lies a fifth of their number from its own
/// place, as the rank of an end varies by its square root.
const BEYOND: f64 = 20.0;

/// The least level of a one-sided test; it takes 20,000 resamples.
const LEAST_ALPHA: f64 = 0.001;

/// So many resamples are taken of any number of pictures: no command draws more than the 4000 of `scribe power` by itself at
/// the usual level.
const OF_ANY_SET: usize = 4000;

impl Bootstrap {
    /// The most resamples: every one of them holds a number for each image and for each number that is resampled. An end of an
    /// interval of so many varies by a thousandth of the spread.
    pub const MOST_RESAMPLES: usize = 1_000_000;

    /// The most weights of pictures, one for each picture and resample: 800 MB of 4 bytes each, all of which are held at once.
    pub const MOST_WEIGHTS: usize = 200_000_000;

    /// The level of the one-sided test that each end of an interval is, `(1 - level) / 2`: 0.025 for 95 % intervals.
    #[must_use]
    pub fn alpha(&self) -> f64 {
        (1.0 - self.level) / 2.0
    }

    /// The fewest resamples that make an interval of this level, 20 / [alpha](Self::alpha): 800 for 95 %.
    ///
    /// ```
    /// assert_eq!(scribe_analysis::Bootstrap::STANDARD.fewest(), 800);
    /// ```
    #[must_use]
    pub fn fewest(&self) -> usize {
        // A level such as 0.9 leaves binary dust in alpha, which must not ask for one more.
        (BEYOND / self.alpha() - 1e-6).ceil() as usize
    }

    /// Whether there are enough resamples for intervals of this level.
    ///
    /// # Errors
    /// [`Error::Setting`]: alpha is below 0.001 or not below 0.5, or there are fewer resamples than [`Self::fewest`] or more than
    /// [`Self::MOST_RESAMPLES`].
    pub fn check(&self) -> Result<()> {
        let alpha = self.alpha();
        if !(alpha > LEAST_ALPHA - 1e-12 && alpha < 0.5) {
            // Six decimals hide what is smaller.
            let value = if alpha.abs() < 1e-6 { format!("{alpha:.0e}") } else { brief(alpha) };
            let expected = "a level from 0.001 to below 0.5, such as 0.05";
            return Err(Error::Setting { name: "alpha", value, expected });
        }
        if self.resamples < self.fewest() {
            return Err(Error::Setting {
                name: "the number of resamples",
                value: format!("{}, where alpha is {}", self.resamples, brief(alpha)),
                expected: "at least 20 / alpha, so that 20 of them lie beyond each end of an interval (800 for 95 %)",
            });
        }
        self.check_most()
    }

    /// Whether there are no more weights than [`Self::MOST_WEIGHTS`], for so many pictures; 4000 resamples are taken of any
    /// number.
    ///
    /// # Errors
    /// [`Error::Resamples`]; [`Error::Sequence`] where the pictures are no two sequences.
    pub(crate) fn check_for(&self, pictures: usize) -> Result<()> {
        let most = most_of(pictures).max(OF_ANY_SET);
        if self.resamples > most {
            return Err(Error::Resamples { resamples: self.resamples, pictures, most });
        }
        if self.sequence > 1 && pictures < 2 * self.sequence {
            return Err(Error::Sequence { sequence: self.sequence, pictures });
        }
        Ok(())
    }

    /// Whether there are no more than [`Self::MOST_RESAMPLES`].
    ///
    /// # Errors
    /// [`Error::Setting`].
    pub(crate) fn check_most(&self) -> Result<()> {
        if self.resamples > Bootstrap::MOST_RESAMPLES {
            let (name, value) = ("the number of resamples", self.resamples.to_string());
            return Err(Error::Setting { name, value, expected: "at most 1000000" });
        }
        Ok(())
    }
}

/// How many resamples of so many pictures have no more weights than [`Bootstrap::MOST_WEIGHTS`].
pub(super) fn most_of(pictures: usize) -> usize {
    (Bootstrap::MOST_WEIGHTS / pictures.max(1)).min(Bootstrap::MOST_RESAMPLES)
}

#[cfg(test)]
mod tests {
    use super::Bootstrap;
    use crate::bootstrap::goes_on_to;

    /// 20 / 0.025 = 800, 20 / 0.05 = 400, 20 / 0.001 = 20,000.
    #[test]
    fn twenty_resamples_lie_beyond_each_end() {
        let how =
            |resamples, alpha: f64| Bootstrap { resamples, level: 1.0 - 2.0 * alpha, ..Bootstrap::STANDARD };
        assert_eq!([0.025, 0.05, 0.001].map(|alpha| how(1, alpha).fewest()), [800, 400, 20_000]);
        assert!(Bootstrap::STANDARD.check().is_ok() && how(400, 0.05).check().is_ok());
        assert_eq!(
            how(799, 0.025).check().unwrap_err().to_string(),
            "the number of resamples is 799, where alpha is 0.025; expected at least 20 / alpha, so that 20 of them lie \
             beyond each end of an interval (800 for 95 %)"
        );
        for (alpha, says) in
            [(1e-9, "1e-9"), (0.0009, "0.0009"), (0.5, "0.5"), (-0.1, "-0.1"), (f64::NAN, "NaN")]
        {
            let said = how(1_000_000, alpha).check().unwrap_err().to_string();
            assert!(said.starts_with(&format!("alpha is {says}; expected a level from 0.001")), "{said}");
        }
        assert!(how(20_000, 0.001).check().is_ok());
    }

    #[test]
    fn resamples_have_an_end() {
        let how = |resamples| Bootstrap { resamples, ..Bootstrap::STANDARD };
        assert!(how(1_000_000).check().is_ok());
        let said = "the number of resamples is 4294967295; expected at most 1000000";
        assert_eq!(how(4_294_967_295).check().unwrap_err().to_string(), said);
        // 20 times as many, as long as these are not more than the most.
        assert_eq!([1000, 60_000, 1_000_000].map(|n| goes_on_to(n, 200)), [20_000, 1_000_000, 1_000_000]);
    }

    #[test]
    fn sequences_are_at_least_two() {
        let how = |sequence| Bootstrap { sequence, ..Bootstrap::STANDARD };
        assert!(how(1).check_for(1).is_ok() && how(3).check_for(6).is_ok() && how(20).check_for(101).is_ok());
        for (sequence, pictures) in [(6, 6), (4, 7), (1_000_000, 6), (2, 1)] {
            let error = how(sequence).check_for(pictures).unwrap_err().to_string();
            assert_eq!(
                error,
                format!(
                    "sequences of {sequence} pictures: the set has {pictures}, which are fewer than two of them; expected at \
                     most {}",
                    (pictures / 2).max(1)
                )
            );
        }
    }

    /// 200,000,000 / 1500 = 133,333.3, and 200,000,000 / 118,287 = 1690.8.
    #[test]
    fn weights_of_pictures_have_an_end() {
        let how = |resamples| Bootstrap { resamples, ..Bootstrap::STANDARD };
        assert!(how(133_333).check_for(1500).is_ok() && how(1_000_000).check_for(200).is_ok());
        assert!(how(1_000_000).check_for(0).is_ok() && how(4000).check_for(118_287).is_ok());
        let said = |resamples, pictures| how(resamples).check_for(pictures).unwrap_err().to_string();
        assert_eq!(
            said(133_334, 1500),
            "133334 resamples of 1500 pictures: their draws take 4 bytes for each picture and resample; expected at most \
             133333 resamples of so many pictures"
        );
        assert!(said(4001, 118_287).ends_with("expected at most 4000 resamples of so many pictures"));
        // What is drawn beside the first resamples stops there too, and never below them.
        assert_eq!(goes_on_to(1000, 10_000), 20_000);
        assert_eq!(
            [1500, 20_000, 118_287, 1_000_000].map(|n| goes_on_to(1000, n)),
            [20_000, 10_000, 1690, 1000]
        );
    }
}
