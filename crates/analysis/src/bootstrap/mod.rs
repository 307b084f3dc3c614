//! Image-level bootstrap: intervals on mIoU and on differences between models.
//!
//! A resample draws as many pictures as the set has, with replacement, the same ones for every model and condition (a
//! paired bootstrap); one by one, or in sequences of neighbours ([`Bootstrap::sequence`]).
//!
//! Where a model was trained with n seeds, a resample draws n of its seeds too, with replacement, so that the seed
//! counts in the interval. The same draw serves all conditions and modes of a model, and all models that share their
//! seeds: those that the run trained itself with the same seed numbers, since networks of one seed start from the
//! same weights and see the same pictures, cut and coloured alike, in the same order. A model with other seed
//! numbers, or one that came from outside, draws apart ([`crate::View::trained`] says which models the run trained).
//!
//! Where the corruptions were drawn under several master seeds, a resample draws as many of these, with replacement, the
//! same ones for every model and condition. A cell whose corruption draws nothing is the same under all of them.
//!
//! A class that the whole set labels counts in a resample only when a drawn picture labels it. Intervals are percentile
//! intervals. Resample `r` takes its numbers from stream `r` of ChaCha8, so the result does not depend on threads.
//!
//! Where so few resamples leave a verdict open ([`Interval::is_open_at`]) the resamples go on to [`GOES_ON`] times
//! their number, but not beyond [`Bootstrap::MOST_RESAMPLES`] or [`Bootstrap::MOST_WEIGHTS`], and the interval is made of all of them (after Davidson and MacKinnon 2000).

mod cells;
mod counts;
mod draw;
mod enough;
mod interval;
mod resampled;
mod sampled;

pub(crate) use draw::{SeedDraws, draw_weights, independent_weights, picture_weights};
pub use interval::Interval;
pub use resampled::Resampled;
pub(crate) use sampled::Sampled;

use std::ops::Range;

/// How many times the number of resamples is drawn in all where the first ones leave a verdict open: 20,000 for 1000.
pub(crate) const GOES_ON: usize = 20;

/// How many resamples of so many pictures are drawn in all where the first ones leave a verdict open.
pub(crate) fn goes_on_to(resamples: usize, pictures: usize) -> usize {
    resamples.saturating_mul(GOES_ON).min(enough::most_of(pictures)).max(resamples)
}

/// How to resample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bootstrap {
    /// Number of resamples.
    pub resamples: usize,
    /// Coverage, in (0, 1): 0.95 for a 95 % interval.
    pub level: f64,
    /// Seed of the generator.
    pub seed: u64,
    /// How many pictures that follow each other in the order of their ids are drawn together: 1 for pictures that have
    /// nothing to do with each other. Frames of a video are alike, and drawn one by one they would give intervals that are
    /// too narrow; a sequence should be longer than two frames stay alike (the circular block bootstrap of Politis and
    /// Romano 1992).
    pub sequence: usize,
}

impl Bootstrap {
    /// 1000 resamples, 95 %, seed 0, every picture for itself.
    pub const STANDARD: Bootstrap = Bootstrap { resamples: 1000, level: 0.95, seed: 0, sequence: 1 };

    /// The interval around `value` of the numbers that `draws` gives for a range of resamples of so many `pictures`. Where the
    /// first resamples leave open on which side of `threshold` an end is, it is made of more.
    pub(crate) fn interval(
        &self,
        pictures: usize,
        (value, threshold): (f64, f64),
        draws: impl Fn(Range<usize>) -> Vec<f64>,
    ) -> Interval {
        let mut all = draws(0..self.resamples);
        let first = Interval::percentile(value, all.clone(), self.level);
        if !first.is_open_at(threshold) {
            return first;
        }
        all.extend(draws(self.resamples..goes_on_to(self.resamples, pictures)));
        Interval::percentile(value, all, self.level)
    }
}

/// Interval of the mean of `values` under resampling of the values themselves: the band of Figure 5, a spread over
/// corruptions as in the authors' plot, not an uncertainty of the model. `None` for fewer than two values.
pub(crate) fn mean_band(values: &[f64], how: &Bootstrap) -> Option<Interval> {
    let n = values.len();
    let value = (n >= 2).then(|| values.iter().sum::<f64>() / n as f64)?;
    let draws: Vec<f64> = (0..how.resamples)
        .map(|r| {
            let w = independent_weights(how, r, n);
            values.iter().zip(&w).map(|(x, w)| x * f64::from(*w)).sum::<f64>() / n as f64
        })
        .collect();
    Some(Interval::percentile(value, draws, how.level))
}

/// The quantile `q` in [0, 1] of sorted values, linear between neighbours (numpy's default); NaN when empty.
pub(crate) fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let at = q.clamp(0.0, 1.0) * last as f64;
    let (below, part) = (at.floor() as usize, at.fract());
    let above = (below + 1).min(last);
    sorted[below] + (sorted[above] - sorted[below]) * part
}
