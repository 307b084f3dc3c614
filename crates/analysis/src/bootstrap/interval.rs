//! A value with the interval of its resamples, and how certain the ends of that interval are.

use super::quantile;

/// How many standard deviations of its own rank an end may be off before it is taken as settled.
const RANK_DEVIATIONS: f64 = 3.0;

/// A value with the interval of its resamples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The value on the set itself.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The number of resamples that the interval is made of.
    pub draws: usize,
    /// The number of resamples that had no value (a drawn set without any labelled pixel, a channel that does not
    /// vary in it, a ratio to zero) and were left out.
    pub dropped: usize,
    /// The range of each end that this number of resamples allows for: of the lower end, of the upper end.
    ends: [[f64; 2]; 2],
}

impl Interval {
    /// Whether zero is outside of the interval: for a difference, whether its sign is established at this level.
    #[must_use]
    pub fn excludes_zero(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }

    /// Whether the number of resamples leaves open on which side of `threshold` an end of the interval is, so that
    /// another seed of the generator could change a verdict.
    ///
    /// An end is the quantile p of R draws. The rank of the true quantile among them is binomial, with standard
    /// deviation `sqrt(R p (1 - p))`; the end is open where the draws three deviations below and above its rank lie
    /// on different sides of the threshold.
    #[must_use]
    pub fn is_open_at(&self, threshold: f64) -> bool {
        let [[low_from, low_to], [high_from, high_to]] = self.ends;
        (low_from > threshold) != (low_to > threshold) || (high_from < threshold) != (high_to < threshold)
    }

    /// [`Interval::is_open_at`] zero: whether [`Interval::excludes_zero`] could turn with other resamples.
    #[must_use]
    pub fn near_edge(&self) -> bool {
        self.is_open_at(0.0)
    }

    /// The percentile interval of `draws` at `level` around the value on the set itself. Draws that are not finite
    /// are left out and counted in [`Interval::dropped`]; without a finite draw the ends are NaN.
    #[must_use]
    pub fn percentile(value: f64, mut draws: Vec<f64>, level: f64) -> Interval {
        let all = draws.len();
        draws.retain(|x| x.is_finite());
        draws.sort_by(f64::total_cmp);
        let tail = (1.0 - level) / 2.0;
        let end = |q: f64| {
            let shift = RANK_DEVIATIONS * (q * (1.0 - q) / draws.len().max(1) as f64).sqrt();
            [quantile(&draws, q - shift), quantile(&draws, q + shift)]
        };
        Interval {
            value,
            low: quantile(&draws, tail),
            high: quantile(&draws, 1.0 - tail),
            draws: draws.len(),
            dropped: all - draws.len(),
            ends: [end(tail), end(1.0 - tail)],
        }
    }
}
