//! mIoU of every cell under every resample, and the intervals made of it.

use std::collections::BTreeMap;

use rayon::prelude::*;
use scribe_records::{Condition, Mode, ModelId};

use super::counts::{PictureCounts, labelled_classes, picture_counts, weighted_miou};
use super::draw::{over_seeds, picture_weights};
use super::{Bootstrap, Interval, Over};
use crate::names::COLUMNS;
use crate::summary::{self, Cells};
use crate::view::{Cell, View};

/// mIoU of every cell under every resample; made once, read by all intervals.
#[derive(Debug, Clone)]
pub struct Resampled {
    level: f64,
    /// Mean over the resampled seeds, one entry a resample; NaN where a resample held no pixel.
    cells: BTreeMap<(ModelId, Mode, Condition), Vec<f64>>,
}

impl Resampled {
    /// Resamples all cells of a view that hold per-picture confusions. Cost: cells x resamples x pictures.
    pub fn new(view: &View, how: &Bootstrap) -> Resampled {
        let weights: Vec<Vec<u32>> =
            (0..how.resamples).map(|r| picture_weights(how, r, view.images.len())).collect();
        Resampled::with_weights(view, how, &weights, |_| true)
    }

    /// The same of the wanted cells with given weights: one list a resample, one number a picture of the view.
    pub(crate) fn with_weights(
        view: &View,
        how: &Bootstrap,
        weights: &[Vec<u32>],
        wanted: impl Fn(&Cell) -> bool + Sync,
    ) -> Resampled {
        let drawn: Vec<_> = view
            .per_image
            .par_iter()
            .filter(|(cell, _)| wanted(cell))
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
        let cells = by_seed
            .into_iter()
            .map(|(key, seeds)| {
                let values = over_seeds(how, &key.0, &seeds);
                (key, values)
            })
            .collect();
        Resampled { level: how.level, cells }
    }

    /// Coverage of the intervals, in (0, 1).
    pub fn level(&self) -> f64 {
        self.level
    }

    /// Whether there was anything to resample.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Interval of a model's value; mIoU and means of it in [0, 1]. `None` where the view has no such cell.
    pub fn interval(&self, view: &View, model: &ModelId, cells: Cells, over: Over<'_>) -> Option<Interval> {
        let value = over.point(view, model, cells)?;
        Some(Interval::percentile(value, self.draws(view, model, cells, over)?, self.level))
    }

    /// Interval of (value of `a` - value of `b`) under the same resamples of pictures.
    pub fn paired_gap(
        &self,
        view: &View,
        a: &ModelId,
        b: &ModelId,
        cells: Cells,
        over: Over<'_>,
    ) -> Option<Interval> {
        let value = over.point(view, a, cells)? - over.point(view, b, cells)?;
        let (draws_a, draws_b) = (self.draws(view, a, cells, over)?, self.draws(view, b, cells, over)?);
        let draws = draws_a.iter().zip(&draws_b).map(|(x, y)| x - y).collect();
        Some(Interval::percentile(value, draws, self.level))
    }

    /// Interval of [`summary::corruption_error`], or of its mean over the corruptions where `corruption` is `None`.
    pub fn corruption_error(
        &self,
        view: &View,
        model: &ModelId,
        reference: &ModelId,
        cells: Cells,
        corruption: Option<&str>,
    ) -> Option<Interval> {
        let value = match corruption {
            Some(c) => summary::corruption_error(view, model, reference, cells, c)?,
            None => summary::mean_corruption_error(view, model, reference, cells)?,
        };
        let wanted = |name: &str| corruption.is_none_or(|c| c == name);
        let ratios: Vec<Vec<f64>> = COLUMNS
            .iter()
            .filter(|c| wanted(c.name))
            .filter_map(|c| {
                let own = self.draws(view, model, cells, Over::Corruption(c.name))?;
                let other = self.draws(view, reference, cells, Over::Corruption(c.name))?;
                Some(own.iter().zip(&other).map(|(x, y)| (1.0 - x) / (1.0 - y)).collect())
            })
            .collect();
        Some(Interval::percentile(value, mean_of(&ratios)?, self.level))
    }

    /// The value under every resample, in their order.
    pub fn draws(&self, view: &View, model: &ModelId, cells: Cells, over: Over<'_>) -> Option<Vec<f64>> {
        match over {
            Over::Retained => {
                let clean = self.draws(view, model, cells, Over::Clean)?;
                let corrupted = self.draws(view, model, cells, Over::Corrupted)?;
                Some(corrupted.iter().zip(&clean).map(|(c, base)| c / base).collect())
            }
            Over::Slope => {
                let at = |s: u8| Some((f64::from(s), self.draws(view, model, cells, Over::Severity(s))?));
                let lines: Vec<(f64, Vec<f64>)> = (1..=5).filter_map(at).collect();
                let n = lines.first()?.1.len();
                let points = |r: usize| lines.iter().map(|(s, v)| (*s, v[r])).collect::<Vec<_>>();
                (0..n).map(|r| summary::slope(&points(r))).collect()
            }
            _ => self.mean_draws(model, cells, &over.conditions(view)),
        }
    }

    fn mean_draws(&self, model: &ModelId, cells: Cells, conditions: &[Condition]) -> Option<Vec<f64>> {
        let modes = match cells {
            Cells::Single => vec![Mode::single()],
            Cells::Msc => vec![Mode::msc()],
            Cells::AsPrinted => vec![Mode::single(), Mode::msc()],
        };
        let mut columns = Vec::new();
        for condition in conditions {
            let of_modes: Option<Vec<&Vec<f64>>> = modes
                .iter()
                .map(|m| self.cells.get(&(model.clone(), m.clone(), condition.clone())))
                .collect();
            columns.extend(of_modes.into_iter().flatten());
        }
        mean_of(&columns)
    }
}

/// Mean of several lists of draws, resample by resample; `None` for no list.
fn mean_of<T: AsRef<[f64]>>(columns: &[T]) -> Option<Vec<f64>> {
    let n = columns.first()?.as_ref().len();
    let mean = |r: usize| columns.iter().map(|c| c.as_ref()[r]).sum::<f64>() / columns.len() as f64;
    Some((0..n).map(mean).collect())
}
