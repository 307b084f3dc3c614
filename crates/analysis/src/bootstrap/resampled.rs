//! Intervals of mIoU and of the numbers that are made of it.

use super::cells::{CellDraws, Key, Part};
use super::{Bootstrap, Interval, picture_weights};
use crate::names::COLUMNS;
use crate::summary::{ModelResults, Quantity, slope};
use crate::view::{Cell, View};
use scribe_records::{Condition, Mode};

/// mIoU of every cell under every resample; made once, read by all intervals.
#[derive(Debug, Clone)]
pub struct Resampled {
    level: f64,
    cells: CellDraws,
    /// Whether further resamples can be drawn, which is not so where the weights were given.
    goes_on: bool,
}

impl Resampled {
    /// Resamples all cells of a view that hold per-picture confusions. Cost: cells x resamples x pictures.
    #[must_use]
    pub fn new(view: &View, how: &Bootstrap) -> Resampled {
        let weights: Vec<Vec<u32>> =
            (0..how.resamples).map(|r| picture_weights(how, r, view.images.len())).collect();
        Resampled { goes_on: true, ..Resampled::with_weights(view, how, &weights, |_| true) }
    }

    /// As [`Resampled::new`], for the wanted cells and with given weights: one list a resample, one number a picture.
    pub(crate) fn with_weights(
        view: &View,
        how: &Bootstrap,
        weights: &[Vec<u32>],
        wanted: impl Fn(&Cell) -> bool,
    ) -> Resampled {
        Resampled { level: how.level, cells: CellDraws::new(view, how, weights, wanted), goes_on: false }
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
    pub fn interval(&self, of: &ModelResults<'_>, quantity: Quantity<'_>) -> Option<Interval> {
        let value = of.value(quantity)?;
        Some(Interval::percentile(value, self.draws(of, quantity)?, self.level))
    }

    /// Interval of (value of `a` - value of `b`) under the same resamples of pictures, and of seeds where the two share
    /// them. Where the first resamples leave its sign open, it is made of 20 times as many.
    pub fn paired_gap(
        &self,
        a: &ModelResults<'_>,
        b: &ModelResults<'_>,
        quantity: Quantity<'_>,
    ) -> Option<Interval> {
        let value = a.value(quantity)? - b.value(quantity)?;
        let gap = |part| -> Option<Vec<f64>> {
            let (of_a, of_b) = (self.part(a, quantity, part)?, self.part(b, quantity, part)?);
            Some(of_a.iter().zip(&of_b).map(|(x, y)| x - y).collect())
        };
        let mut draws = gap(Part::First)?;
        let first = Interval::percentile(value, draws.clone(), self.level);
        if !self.goes_on || !first.near_edge() {
            return Some(first);
        }
        let conditions = quantity.needed(a.view());
        let both = [a, b].map(|of| keys(of, &conditions));
        self.cells.prepare(a.view(), &both.concat());
        draws.extend(gap(Part::More)?);
        Some(Interval::percentile(value, draws, self.level))
    }

    /// Interval of [`ModelResults::corruption_error`], or of its mean over the corruptions where `corruption` is
    /// `None`.
    pub fn corruption_error(
        &self,
        of: &ModelResults<'_>,
        reference: &ModelResults<'_>,
        corruption: Option<&str>,
    ) -> Option<Interval> {
        let value = match corruption {
            Some(c) => of.corruption_error(reference, c)?,
            None => of.mean_corruption_error(reference)?,
        };
        let wanted = |name: &str| corruption.is_none_or(|c| c == name);
        let ratios: Vec<Vec<f64>> = COLUMNS
            .iter()
            .filter(|c| wanted(c.name))
            .filter_map(|c| {
                // The severities that both have, as in the value: of them the ratio of means is the ratio of sums.
                let both = of.shared_conditions(reference, c.name);
                let own = self.mean_draws(of, &both, Part::First)?;
                let other = self.mean_draws(reference, &both, Part::First)?;
                Some(own.iter().zip(&other).map(|(x, y)| (1.0 - x) / (1.0 - y)).collect())
            })
            .collect();
        Some(Interval::percentile(value, mean_of(&ratios)?, self.level))
    }

    /// The value under each of the first resamples, in their order.
    pub fn draws(&self, of: &ModelResults<'_>, quantity: Quantity<'_>) -> Option<Vec<f64>> {
        self.part(of, quantity, Part::First)
    }

    fn part(&self, of: &ModelResults<'_>, quantity: Quantity<'_>, part: Part) -> Option<Vec<f64>> {
        match quantity {
            Quantity::Rpc => {
                let clean = self.part(of, Quantity::Clean, part)?;
                let corrupted = self.part(of, Quantity::Cor, part)?;
                Some(corrupted.iter().zip(&clean).map(|(c, base)| c / base).collect())
            }
            Quantity::Slope => {
                let at = |s: u8| Some((f64::from(s), self.part(of, Quantity::Severity(s), part)?));
                let lines: Vec<(f64, Vec<f64>)> = (1..=5).filter_map(at).collect();
                let n = lines.first()?.1.len();
                let points = |r: usize| lines.iter().map(|(s, v)| (*s, v[r])).collect::<Vec<_>>();
                (0..n).map(|r| slope(&points(r))).collect()
            }
            _ => self.mean_draws(of, &quantity.conditions(of.view()), part),
        }
    }

    /// The mean over modes and conditions; conditions that lack one of the modes are left out, as in
    /// [`ModelResults::at`].
    fn mean_draws(&self, of: &ModelResults<'_>, conditions: &[Condition], part: Part) -> Option<Vec<f64>> {
        let mut columns = Vec::new();
        for condition in conditions {
            let keys = keys(of, std::slice::from_ref(condition));
            let of_modes: Option<Vec<&Vec<f64>>> = keys.iter().map(|key| self.cells.get(key, part)).collect();
            columns.extend(of_modes.into_iter().flatten());
        }
        mean_of(&columns)
    }
}

/// The cells that a model's results under these conditions are made of, the modes of one condition side by side.
fn keys(of: &ModelResults<'_>, conditions: &[Condition]) -> Vec<Key> {
    let key = |c: &Condition, m: &Mode| (of.model().clone(), m.clone(), c.clone());
    conditions.iter().flat_map(|c| of.modes().iter().map(move |m| key(c, m))).collect()
}

/// Mean of several lists of draws, resample by resample; `None` for no list.
fn mean_of<T: AsRef<[f64]>>(columns: &[T]) -> Option<Vec<f64>> {
    let n = columns.first()?.as_ref().len();
    let mean = |r: usize| columns.iter().map(|c| c.as_ref()[r]).sum::<f64>() / columns.len() as f64;
    Some((0..n).map(mean).collect())
}
