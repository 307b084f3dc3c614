//! Sample sizes of tests by the interval of a paired difference, in the normal approximation.

use super::normal::quantile;

/// The tests for which a number of images is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleSize {
    /// The level alpha of each one-sided test, in (0, 0.5): 0.025 for 95 % intervals.
    pub alpha: f64,
    /// The probability with which the test shall succeed, in (0, 1).
    pub power: f64,
}

impl SampleSize {
    /// How many images establish a difference of `difference` with this power: `(s (z_(1-alpha) + z_power) / d)^2`.
    ///
    /// As many show that a model is not worse by `difference` or more than another one, where the two are equal.
    ///
    /// `spread` is the standard deviation that one image has in the difference, in the unit of `difference`.
    ///
    /// ```
    /// use scribe_analysis::power::SampleSize;
    ///
    /// let usual = SampleSize { alpha: 0.025, power: 0.8 };
    /// // ((1.960 + 0.842) * 12 / 1)^2 = 1130.2
    /// assert_eq!(usual.for_difference(12.0, 1.0).ceil(), 1131.0);
    /// ```
    #[must_use]
    pub fn for_difference(&self, spread: f64, difference: f64) -> f64 {
        (spread * self.reach() / difference).powi(2)
    }

    /// How many images show with this power that two equal models are equivalent within `margin`, which needs two
    /// one-sided tests: `(s (z_(1-alpha) + z_((1 + power) / 2)) / d)^2`.
    #[must_use]
    pub fn for_equivalence(&self, spread: f64, margin: f64) -> f64 {
        let both = quantile(1.0 - self.alpha) + quantile(f64::midpoint(1.0, self.power));
        (spread * both / margin).powi(2)
    }

    /// The difference that `images` images establish with this power.
    #[must_use]
    pub fn difference_shown_by(&self, spread: f64, images: usize) -> f64 {
        spread * self.reach() / (images as f64).sqrt()
    }

    fn reach(&self) -> f64 {
        quantile(1.0 - self.alpha) + quantile(self.power)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: SampleSize = SampleSize { alpha: 0.025, power: 0.8 };

    /// statsmodels 0.15.0:
    /// `from statsmodels.stats.power import normal_sample_size_one_tail as n`;
    /// `n(1, 0.8, 0.025, std_null=12)`, `n(0.5, 0.9, 0.05, std_null=7)`.
    #[test]
    fn sizes_are_those_of_statsmodels() {
        let found = USUAL.for_difference(12.0, 1.0);
        assert!((found - STATSMODELS[0]).abs() < 1e-6, "{found}");
        let found = SampleSize { alpha: 0.05, power: 0.9 }.for_difference(7.0, 0.5);
        assert!((found - STATSMODELS[1]).abs() < 1e-6, "{found}");
        let shown = USUAL.difference_shown_by(12.0, 1131);
        assert!(shown < 1.0 && shown > 0.999, "{shown}");
    }

    /// scipy 1.17.1: `2 * norm.cdf(sqrt(n) / 12 - norm.ppf(0.975)) - 1`, the power of two one-sided tests of equal
    /// models, is 0.8 at this n (`scipy.optimize.brentq`).
    #[test]
    fn equivalence_needs_more() {
        let found = USUAL.for_equivalence(12.0, 1.0);
        assert!((found - SCIPY).abs() < 1e-6, "{found}");
    }

    const STATSMODELS: [f64; 2] = [1_130.238_681_746_269, 1_678.514_080_730_924];
    const SCIPY: f64 = 1_513.068_920_847_451_4;
}
