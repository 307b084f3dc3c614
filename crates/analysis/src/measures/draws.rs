//! Every measure of every model and condition, and its values under resamples of blocks of pictures.

use super::{BlockSums, Kind, Measure, measures_of};
use crate::bootstrap::{Bootstrap, Interval, Resampled, SeedDraws, independent_weights};
use crate::view::{Cell, View};
use rayon::prelude::*;
use scribe_records::{Condition, Mode, ModelId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

type Key = (ModelId, Mode, Condition, Measure);
/// The sum of a measure over the training seeds, and each seed's draws.
type OfSeeds = (f64, Vec<(u64, Vec<f64>)>);

/// All measures with their resamples; made once, read by all tables, figures and tests.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    how: Bootstrap,
    /// The value on the set itself, and under each resample (NaN where undefined), mean over training seeds.
    values: BTreeMap<Key, (f64, Vec<f64>)>,
    /// Per resample the weight of each picture of the view.
    weights: Vec<Vec<u32>>,
    blocks: usize,
}

impl Measured {
    /// Computes every measure of the view, and its draws.
    pub(crate) fn new(view: &View, how: &Bootstrap) -> Measured {
        let blocks: Vec<u32> = view.blocks.iter().copied().collect::<BTreeSet<u32>>().into_iter().collect();
        let at: BTreeMap<u32, usize> = blocks.iter().copied().zip(0..).collect();
        let of_blocks: Vec<Vec<u32>> =
            (0..how.resamples).map(|r| independent_weights(how, r, blocks.len())).collect();
        let computed: Vec<_> = view
            .sums
            .par_iter()
            .flat_map_iter(|((cell, kind), sums)| {
                cell_draws(cell, (*kind, view.first_foreground()), sums, &at, &of_blocks)
            })
            .collect();
        let mut by_seed: BTreeMap<Key, OfSeeds> = BTreeMap::new();
        for (key, value, draws) in computed {
            let found = by_seed.entry(key).or_default();
            found.0 += value;
            found.1.push(draws);
        }
        let drawn = SeedDraws::new(view, how, 0..how.resamples);
        let values = by_seed.into_iter().map(|(key, (sum, seeds))| {
            let draws = drawn.mean(&key.0, &seeds);
            (key, (sum / seeds.len() as f64, draws))
        });
        let spread = |w: &Vec<u32>| view.blocks.iter().map(|b| w[at[b]]).collect();
        Measured {
            how: *how,
            values: values.collect(),
            weights: of_blocks.iter().map(spread).collect(),
            blocks: blocks.len(),
        }
    }

    /// Whether there is any measure.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// How many blocks of pictures are drawn from.
    pub(crate) fn blocks(&self) -> usize {
        self.blocks
    }

    /// How it was resampled.
    pub(crate) fn bootstrap(&self) -> &Bootstrap {
        &self.how
    }

    /// All measures, ordered by model, mode, condition and measure, with their intervals.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&ModelId, &Mode, &Condition, Measure, Interval)> {
        self.values.iter().map(|((model, mode, condition, measure), (value, draws))| {
            (model, mode, condition, *measure, self.around(*value, draws.clone()))
        })
    }

    /// One measure with its interval; `None` where it was not measured or is undefined.
    pub(crate) fn interval(
        &self,
        model: &ModelId,
        mode: &Mode,
        condition: &Condition,
        m: Measure,
    ) -> Option<Interval> {
        let (value, draws) = self.get(model, mode, condition, m)?;
        Some(self.around(*value, draws.clone()))
    }

    /// The mean over conditions with its interval; conditions without the measure are left out.
    pub(crate) fn mean(
        &self,
        model: &ModelId,
        mode: &Mode,
        conditions: &[Condition],
        m: Measure,
    ) -> Option<Interval> {
        let (value, draws) = self.mean_draws(model, mode, conditions, m)?;
        Some(self.around(value, draws))
    }

    /// The mean over conditions and its draws; conditions without the measure are left out.
    fn mean_draws(
        &self,
        model: &ModelId,
        mode: &Mode,
        conditions: &[Condition],
        m: Measure,
    ) -> Option<(f64, Vec<f64>)> {
        let found: Vec<_> = conditions.iter().filter_map(|c| self.get(model, mode, c, m)).collect();
        let n = found.len() as f64;
        (!found.is_empty()).then(|| {
            let value = found.iter().map(|f| f.0).sum::<f64>() / n;
            let draw = |r: usize| found.iter().map(|f| f.1[r]).sum::<f64>() / n;
            (value, (0..self.how.resamples).map(draw).collect())
        })
    }

    /// The value and the draws of a measure.
    pub(crate) fn get(
        &self,
        model: &ModelId,
        mode: &Mode,
        condition: &Condition,
        m: Measure,
    ) -> Option<&(f64, Vec<f64>)> {
        self.values.get(&(model.clone(), mode.clone(), condition.clone(), m))
    }

    /// The difference of a measure's mean over conditions between two models with its interval, under the same draws;
    /// `None` where one of them lacks a condition that the other has.
    pub(crate) fn gap(
        &self,
        (a, b): (&ModelId, &ModelId),
        mode: &Mode,
        conditions: &[Condition],
        m: Measure,
    ) -> Option<Interval> {
        let has = |model, condition| self.get(model, mode, condition, m).is_some();
        if conditions.iter().any(|c| has(a, c) != has(b, c)) {
            return None;
        }
        let (a, b) = (self.mean_draws(a, mode, conditions, m)?, self.mean_draws(b, mode, conditions, m)?);
        Some(self.around(a.0 - b.0, a.1.iter().zip(&b.1).map(|(x, y)| x - y).collect()))
    }

    /// mIoU of all models under the same draws, so that it can be compared with a measure resample by resample.
    pub(crate) fn miou(&self, view: &View, mode: &Mode) -> Resampled {
        // Without a measure there is nothing to compare with.
        let wanted = |cell: &Cell| !self.is_empty() && cell.series.mode == *mode;
        Resampled::with_weights(view, &self.how, &self.weights, wanted)
    }

    fn around(&self, value: f64, draws: Vec<f64>) -> Interval {
        Interval::percentile(value, draws, self.how.level)
    }
}

/// The measures of one cell and kind: each with its value, its training seed and its draws. Resamples that draw the cell's
/// blocks alike have the same sums, which are measured once: few blocks have few different draws, and the spectra of many
/// classes take long.
fn cell_draws(
    cell: &Cell,
    (kind, first): (Kind, usize),
    sums: &BlockSums,
    at: &BTreeMap<u32, usize>,
    of_blocks: &[Vec<u32>],
) -> Vec<(Key, f64, (u64, Vec<f64>))> {
    let draw = |w: &Vec<u32>| sums.weighted(|b| at.get(&b).map_or(0.0, |i| f64::from(w[*i])));
    let whole = measures_of(kind, sums.size, &sums.total(), first);
    let (different, places) = different(sums, at, of_blocks);
    let measured = |w: &Vec<u32>| -> Vec<f64> {
        let drawn = measures_of(kind, sums.size, &draw(w), first);
        let value = |measure: Measure| drawn.iter().find(|d| d.0 == measure).map_or(f64::NAN, |d| d.1);
        whole.iter().map(|(measure, _)| value(*measure)).collect()
    };
    let measured: Vec<Vec<f64>> = different.into_par_iter().map(measured).collect();
    let s = &cell.series;
    let of_measure = |(m, (measure, value)): (usize, &(Measure, f64))| {
        let draws = places.iter().map(|place| measured[*place][m]).collect();
        ((s.model.clone(), s.mode.clone(), cell.condition.clone(), *measure), *value, (s.seed, draws))
    };
    whole.iter().enumerate().map(of_measure).collect()
}

/// The weights that differ in the blocks of these sums, each from the first resample that has them, and for each resample the
/// place of its own among them.
fn different<'w>(
    sums: &BlockSums,
    at: &BTreeMap<u32, usize>,
    of_blocks: &'w [Vec<u32>],
) -> (Vec<&'w Vec<u32>>, Vec<usize>) {
    let (mut different, mut places) = (Vec::new(), HashMap::new());
    let own: Vec<usize> = sums.blocks.iter().filter_map(|(block, _)| at.get(block).copied()).collect();
    let place = |w: &'w Vec<u32>| {
        *places.entry(own.iter().map(|i| w[*i]).collect::<Vec<u32>>()).or_insert_with(|| {
            different.push(w);
            different.len() - 1
        })
    };
    let of_resamples = of_blocks.iter().map(place).collect();
    (different, of_resamples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_alike_is_measured_once() {
        let weights = |n: usize| -> Vec<Vec<u32>> {
            (0..1000).map(|r| independent_weights(&Bootstrap::STANDARD, r, n)).collect()
        };
        let sums = |blocks: &[u32]| BlockSums {
            size: 1,
            blocks: blocks.iter().map(|block| (*block, vec![f64::from(*block)])).collect(),
        };
        // Of one picture every resample is the set itself; of two the first is drawn not at all, once or twice.
        for (n, blocks, count) in [(1, &[7][..], 1), (2, &[7, 9], 3), (2, &[9], 3)] {
            let at: BTreeMap<u32, usize> = [7, 9].into_iter().take(n).zip(0..).collect();
            let (sums, drawn) = (sums(blocks), weights(n));
            let at = if blocks == [9] { BTreeMap::from([(7, 0), (9, 1)]) } else { at };
            let (different, places) = different(&sums, &at, &drawn);
            assert_eq!((different.len(), places.len()), (count, 1000));
            let total = |w: &Vec<u32>| sums.weighted(|block| f64::from(w[at[&block]]));
            for (w, place) in drawn.iter().zip(&places) {
                assert_eq!(total(w), total(different[*place]));
            }
        }
        let at: BTreeMap<u32, usize> = (0..16).zip(0..).collect();
        let all: Vec<u32> = (0..16).collect();
        assert!(different(&sums(&all), &at, &weights(16)).0.len() > 900);
    }
}
