//! Image-level bootstrap: intervals on mIoU and on differences between models.
//!
//! A resample draws as many pictures as there are, with replacement, the same for every model and condition (paired).
//! Where a model was trained with several seeds, as many of its seeds as there are are drawn too, with replacement, so that
//! the seed counts in the interval; the same draw serves all conditions and modes of a model, and models draw apart, since
//! seed 1 of one model has nothing in common with seed 1 of another. A class that the whole set labels counts in a resample
//! only when a drawn picture labels it. Intervals are percentile intervals. Resample `r` takes its numbers from stream `r` of
//! ChaCha8, so the result does not depend on threads.

mod counts;
mod draw;
mod over;
mod resampled;

pub use over::Over;
pub use resampled::Resampled;

pub(crate) use draw::{over_seeds, picture_weights};

/// How to resample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bootstrap {
    /// Number of resamples.
    pub resamples: usize,
    /// Coverage, in (0, 1): 0.95 for a 95 % interval.
    pub level: f64,
    /// Seed of the generator.
    pub seed: u64,
}

impl Bootstrap {
    /// 1000 resamples, 95 %, seed 0.
    pub const STANDARD: Bootstrap = Bootstrap { resamples: 1000, level: 0.95, seed: 0 };
}

/// A value with the interval of its resamples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The value on the set itself.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// Whether zero lies outside: for a difference, whether its sign is established at this level.
    pub fn excludes_zero(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }

    /// The percentile interval of `draws` at `level` around the value on the set itself; draws that are not finite are left out.
    pub fn percentile(value: f64, mut draws: Vec<f64>, level: f64) -> Interval {
        draws.retain(|x| x.is_finite());
        draws.sort_by(f64::total_cmp);
        let tail = (1.0 - level) / 2.0;
        Interval { value, low: quantile(&draws, tail), high: quantile(&draws, 1.0 - tail) }
    }
}

/// Interval of the mean of `values` under resampling of the values themselves: the band of Figure 5, a spread over
/// corruptions as in the authors' plot, not an uncertainty of the model. `None` for fewer than two values.
pub fn mean_band(values: &[f64], how: &Bootstrap) -> Option<Interval> {
    let n = values.len();
    let value = (n >= 2).then(|| values.iter().sum::<f64>() / n as f64)?;
    let draws: Vec<f64> = (0..how.resamples)
        .map(|r| {
            let w = picture_weights(how, r, n);
            values.iter().zip(&w).map(|(x, w)| x * f64::from(*w)).sum::<f64>() / n as f64
        })
        .collect();
    Some(Interval::percentile(value, draws, how.level))
}

/// The quantile `q` in [0, 1] of sorted values, linear between neighbours (numpy's default); NaN when empty.
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let at = q.clamp(0.0, 1.0) * last as f64;
    let (below, part) = (at.floor() as usize, at.fract());
    let above = (below + 1).min(last);
    sorted[below] + (sorted[above] - sorted[below]) * part
}
