//! Image-level bootstrap: intervals on mIoU and on differences between models.
//!
//! A resample draws as many pictures as there are, with replacement, the same for every model and condition (paired),
//! and, where a model was trained with several seeds, as many seeds as there are, with replacement, so that the seed counts in
//! the interval. A class that the whole set labels counts in a resample only when a drawn picture labels it. Intervals are
//! percentile intervals. Resample `r` takes its numbers from stream `r` of ChaCha8, so the
//! result does not depend on threads.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use scribe_records::{Condition, Mode, ModelId, SparseConfusion};

use crate::names::{COLUMNS, Group};
use crate::summary::{self, Cells};
use crate::view::View;

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
}

/// What an interval is taken of: a mean over conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over<'a> {
    /// The clean pictures.
    Clean,
    /// One condition.
    One(&'a Condition),
    /// Mean over all measured corrupted conditions of the paper's fifteen.
    Corrupted,
    /// Mean over the corruptions of one of the paper's groups and their severities.
    Group(Group),
    /// Mean over the paper's corruptions at one severity.
    Severity(u8),
}

/// mIoU of every cell under every resample; made once, read by all intervals.
#[derive(Debug, Clone)]
pub struct Resampled {
    level: f64,
    /// Mean over the resampled seeds, one entry a resample; NaN where a resample held no pixel.
    cells: BTreeMap<(ModelId, Mode, Condition), Vec<f64>>,
}

/// Per picture: (class, hits, truth pixels, predicted pixels) of the classes that occur.
type PictureCounts = Vec<(usize, [u64; 3])>;

impl Resampled {
    /// Resamples all cells of a view that hold per-picture confusions. Cost: cells x resamples x pictures.
    pub fn new(view: &View, how: &Bootstrap) -> Resampled {
        let weights: Vec<Vec<u32>> =
            (0..how.resamples).map(|r| picture_weights(how, r, view.images.len())).collect();
        let drawn: Vec<_> = view
            .per_image
            .par_iter()
            .map(|(cell, pictures)| {
                let counts: Vec<(usize, PictureCounts)> =
                    pictures.iter().map(|(i, c)| (*i, picture_counts(c))).collect();
                let labelled = labelled_classes(&counts, view.classes.len());
                let values: Vec<f64> = weights.iter().map(|w| weighted_miou(&counts, w, &labelled)).collect();
                (cell, values)
            })
            .collect();
        let mut by_seed: BTreeMap<(ModelId, Mode, Condition), Vec<Vec<f64>>> = BTreeMap::new();
        for (cell, values) in drawn {
            let s = &cell.series;
            let key = (s.model.clone(), s.mode.clone(), cell.condition.clone());
            by_seed.entry(key).or_default().push(values);
        }
        let cells = by_seed.into_iter().map(|(k, seeds)| (k, over_seeds(how, &seeds))).collect();
        Resampled { level: how.level, cells }
    }

    /// Whether there was anything to resample.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Interval of a model's mIoU, in [0, 1]; `None` where the view has no such cell.
    pub fn interval(&self, view: &View, model: &ModelId, cells: Cells, over: Over<'_>) -> Option<Interval> {
        let value = point(view, model, cells, over)?;
        Some(self.percentile(value, self.draws(view, model, cells, over)?))
    }

    /// Interval of (mIoU of `a` - mIoU of `b`) under the same resamples.
    pub fn paired_gap(
        &self,
        view: &View,
        a: &ModelId,
        b: &ModelId,
        cells: Cells,
        over: Over<'_>,
    ) -> Option<Interval> {
        let value = point(view, a, cells, over)? - point(view, b, cells, over)?;
        let draws_a = self.draws(view, a, cells, over)?;
        let draws_b = self.draws(view, b, cells, over)?;
        Some(self.percentile(value, draws_a.iter().zip(&draws_b).map(|(x, y)| x - y).collect()))
    }

    fn draws(&self, view: &View, model: &ModelId, cells: Cells, over: Over<'_>) -> Option<Vec<f64>> {
        let conditions = conditions_of(view, over);
        let modes = match cells {
            Cells::Single => vec![Mode::single()],
            Cells::Msc => vec![Mode::msc()],
            Cells::AsPrinted => vec![Mode::single(), Mode::msc()],
        };
        let mut columns = Vec::new();
        for condition in &conditions {
            let of_modes: Option<Vec<&Vec<f64>>> = modes
                .iter()
                .map(|m| self.cells.get(&(model.clone(), m.clone(), condition.clone())))
                .collect();
            columns.extend(of_modes.into_iter().flatten());
        }
        let n = columns.first()?.len();
        Some((0..n).map(|r| columns.iter().map(|c| c[r]).sum::<f64>() / columns.len() as f64).collect())
    }

    fn percentile(&self, value: f64, mut draws: Vec<f64>) -> Interval {
        draws.retain(|x| x.is_finite());
        draws.sort_by(f64::total_cmp);
        let tail = (1.0 - self.level) / 2.0;
        Interval { value, low: quantile(&draws, tail), high: quantile(&draws, 1.0 - tail) }
    }
}

/// Interval of the mean of `values` under resampling of the values themselves: the band of Figure 5, a spread over
/// corruptions as in the authors' plot, not an uncertainty of the model. `None` for fewer than two values.
pub fn mean_band(values: &[f64], how: &Bootstrap) -> Option<Interval> {
    let n = values.len();
    let value = (n >= 2).then(|| values.iter().sum::<f64>() / n as f64)?;
    let mut draws: Vec<f64> = (0..how.resamples)
        .map(|r| {
            let w = picture_weights(how, r, n);
            values.iter().zip(&w).map(|(x, w)| x * f64::from(*w)).sum::<f64>() / n as f64
        })
        .collect();
    draws.sort_by(f64::total_cmp);
    let tail = (1.0 - how.level) / 2.0;
    Some(Interval { value, low: quantile(&draws, tail), high: quantile(&draws, 1.0 - tail) })
}

/// The quantile `q` in [0, 1] of sorted values, linear between neighbours (numpy's default); NaN when empty.
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let at = q.clamp(0.0, 1.0) * last as f64;
    let (below, part) = (at.floor() as usize, at.fract());
    let above = (below + 1).min(last);
    sorted[below] + (sorted[above] - sorted[below]) * part
}

fn point(view: &View, model: &ModelId, cells: Cells, over: Over<'_>) -> Option<f64> {
    match over {
        Over::Clean => summary::clean(view, model, cells),
        Over::One(condition) => summary::cell(view, model, cells, condition),
        Over::Corrupted => summary::mpc(view, model, cells),
        Over::Group(g) => summary::group_mean(view, model, cells, g),
        Over::Severity(s) => summary::severity_mean(view, model, cells, s),
    }
}

fn conditions_of(view: &View, over: Over<'_>) -> Vec<Condition> {
    let paper = |c: &Condition| crate::names::position(&c.corruption).is_some();
    match over {
        Over::Clean => vec![Condition::clean()],
        Over::One(condition) => vec![condition.clone()],
        Over::Corrupted => view.corrupted().into_iter().filter(paper).collect(),
        Over::Group(g) => {
            let in_group = |c: &Condition| COLUMNS.iter().any(|k| k.group == g && k.name == c.corruption);
            view.corrupted().into_iter().filter(in_group).collect()
        }
        Over::Severity(s) => view.corrupted().into_iter().filter(|c| paper(c) && c.severity == s).collect(),
    }
}

/// How often each of `n` pictures is drawn in resample `r`; the sum is `n`.
fn picture_weights(how: &Bootstrap, r: usize, n: usize) -> Vec<u32> {
    let mut rng = ChaCha8Rng::seed_from_u64(how.seed);
    rng.set_stream(r as u64);
    let mut weights = vec![0; n];
    for _ in 0..n {
        weights[rng.random_range(0..n)] += 1;
    }
    weights
}

/// Mean over seeds drawn with replacement, per resample; with one seed that seed itself.
fn over_seeds(how: &Bootstrap, seeds: &[Vec<f64>]) -> Vec<f64> {
    (0..how.resamples)
        .map(|r| {
            // Another seed than the pictures' own, so that the two draws are independent.
            let mut rng = ChaCha8Rng::seed_from_u64(how.seed ^ 0x5eed_5eed_5eed_5eed);
            rng.set_stream(r as u64);
            seeds.iter().map(|_| seeds[rng.random_range(0..seeds.len())][r]).sum::<f64>() / seeds.len() as f64
        })
        .collect()
}

fn picture_counts(confusion: &SparseConfusion) -> PictureCounts {
    let mut counts: BTreeMap<usize, [u64; 3]> = BTreeMap::new();
    for &(truth, pred, n) in confusion.cells() {
        let n = u64::from(n);
        let of_truth = counts.entry(usize::from(truth)).or_default();
        of_truth[1] += n;
        of_truth[0] += if truth == pred { n } else { 0 };
        counts.entry(usize::from(pred)).or_default()[2] += n;
    }
    counts.into_iter().collect()
}

/// mIoU of the drawn pictures. A class that the whole set labels but this draw does not is left out: its few false
/// pixels would count as an IoU of 0 and pull every interval of a small set below its own value.
fn weighted_miou(pictures: &[(usize, PictureCounts)], weights: &[u32], labelled: &[bool]) -> f64 {
    let mut totals = vec![[0u64; 3]; labelled.len()];
    for (image, counts) in pictures {
        let w = u64::from(weights[*image]);
        if w == 0 {
            continue;
        }
        for (class, c) in counts {
            let t = &mut totals[*class];
            t[0] += w * c[0];
            t[1] += w * c[1];
            t[2] += w * c[2];
        }
    }
    let ious = totals.iter().zip(labelled).filter_map(|(t, labelled)| {
        let union = t[1] + t[2] - t[0];
        let counts = union > 0 && (t[1] > 0 || !labelled);
        counts.then(|| t[0] as f64 / union as f64)
    });
    summary::mean(ious).unwrap_or(f64::NAN)
}

fn labelled_classes(pictures: &[(usize, PictureCounts)], classes: usize) -> Vec<bool> {
    let mut labelled = vec![false; classes];
    for (class, counts) in pictures.iter().flat_map(|(_, p)| p) {
        labelled[*class] |= counts[1] > 0;
    }
    labelled
}
