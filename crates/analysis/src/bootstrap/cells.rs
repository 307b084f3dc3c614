//! mIoU of every cell under every resample: the first resamples of all cells at once, the rest when they are needed.

use super::counts::Counts;
use super::draw::draw_weights;
use super::{Bootstrap, SeedDraws, goes_on_to, picture_weights};
use crate::view::{Cell, View};
use rayon::prelude::*;
use scribe_records::{Condition, Mode, ModelId, Series};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

/// A model in a mode under a condition, all its training seeds.
pub(super) type Key = (ModelId, Mode, Condition);

/// A part of the resamples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The first ones, [`Bootstrap::resamples`] of them.
    First,
    /// Those after them, up to [`goes_on_to`] in all.
    More,
}

/// The draws of all cells, mean over the drawn seeds; NaN where a resample holds no pixel.
#[derive(Debug, Clone)]
pub(super) struct CellDraws {
    first: BTreeMap<Key, Vec<f64>>,
    more: BTreeMap<Key, OnceLock<Vec<f64>>>,
    /// The draws of the resamples after the first ones; empty until they are needed.
    later: OnceLock<Drawn>,
    how: Bootstrap,
}

/// What some resamples draw.
#[derive(Debug, Clone)]
struct Drawn {
    pictures: Vec<Vec<u32>>,
    /// How often each draw of the corruptions is drawn, resample by resample.
    draws: Vec<Vec<u32>>,
    seeds: SeedDraws,
}

impl CellDraws {
    /// The first resamples of the wanted cells, with given weights: one list a resample, one number a picture of the
    /// view. Later resamples go on from them only where the weights are those of [`picture_weights`].
    pub(super) fn new(
        view: &View,
        how: &Bootstrap,
        weights: &[Vec<u32>],
        wanted: impl Fn(&Cell) -> bool,
    ) -> CellDraws {
        let mut seeds: BTreeMap<Key, ()> = BTreeMap::new();
        for cell in view.per_image.keys().filter(|cell| wanted(cell)) {
            let s = &cell.series;
            seeds.insert((s.model.clone(), s.mode.clone(), cell.condition.clone()), ());
        }
        let drawn = Drawn::new(view, how, weights.to_vec(), 0..how.resamples);
        let keys: Vec<Key> = seeds.into_keys().collect();
        let computed = keys.into_par_iter().map(|key| {
            let values = drawn.values(view, &key);
            (key, values)
        });
        let first: BTreeMap<Key, Vec<f64>> = computed.collect();
        let more = first.keys().map(|key| (key.clone(), OnceLock::new())).collect();
        CellDraws { first, more, later: OnceLock::new(), how: *how }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// One part of a cell's draws; `None` for a cell without counts. Later draws must have been
    /// [prepared](Self::prepare).
    pub(super) fn get(&self, key: &Key, part: Part) -> Option<&Vec<f64>> {
        match part {
            Part::First => self.first.get(key),
            Part::More => self.more.get(key)?.get(),
        }
    }

    /// Computes the later draws of these cells, all at once.
    pub(super) fn prepare(&self, view: &View, keys: &[Key]) {
        let how = &self.how;
        let drawn = self.later.get_or_init(|| {
            let count = view.images.len();
            let range = how.resamples..goes_on_to(how.resamples, count);
            let pictures = range.clone().map(|r| picture_weights(how, r, count)).collect();
            Drawn::new(view, how, pictures, range)
        });
        let open: Vec<_> = keys.iter().filter_map(|key| Some((key, self.more.get(key)?))).collect();
        // Each cell is computed on one thread: a thread that waits for a cell never has work of that cell to do itself.
        open.into_par_iter().for_each(|(key, slot)| {
            slot.get_or_init(|| drawn.values(view, key));
        });
    }
}

impl Drawn {
    fn new(view: &View, how: &Bootstrap, pictures: Vec<Vec<u32>>, range: Range<usize>) -> Drawn {
        let draws = range.clone().map(|r| draw_weights(how, r, view.draw_count())).collect();
        Drawn { pictures, draws, seeds: SeedDraws::new(view, how, range) }
    }

    fn values(&self, view: &View, (model, mode, condition): &Key) -> Vec<f64> {
        let of_seed = |seed: u64| {
            let series = Series::new(model.clone(), seed, mode.clone());
            let of_cell = view.draws(&Cell { series, condition: condition.clone() });
            let counts: Vec<(usize, Counts)> = of_cell
                .into_iter()
                .map(|(place, pictures)| (place, Counts::new(pictures, view.classes.len())))
                .collect();
            let value = |(w, of_draws): (&Vec<u32>, &Vec<u32>)| over_draws(&counts, w, of_draws);
            let values = self.pictures.iter().zip(&self.draws).map(value).collect::<Vec<f64>>();
            (!counts.is_empty()).then_some((seed, values))
        };
        let values: Vec<_> = view.seeds(model).into_iter().filter_map(of_seed).collect();
        self.seeds.mean(model, &values)
    }
}

/// The mean mIoU of the drawn draws of a cell; a cell without further draws is the same in all of them.
fn over_draws(counts: &[(usize, Counts)], pictures: &[u32], drawn: &[u32]) -> f64 {
    if let [(_, only)] = counts {
        return only.weighted_miou(pictures);
    }
    let (mut sum, mut n) = (0.0, 0.0);
    for (place, of_draw) in counts.iter().filter(|(place, _)| drawn[*place] > 0) {
        let weight = f64::from(drawn[*place]);
        sum += weight * of_draw.weighted_miou(pictures);
        n += weight;
    }
    sum / n
}
