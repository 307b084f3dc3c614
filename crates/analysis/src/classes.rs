//! The IoU of each class with its interval, for every model, mode and condition, and for all corrupted conditions
//! together.

use crate::bootstrap::{Bootstrap, Interval, SeedDraws, draw_weights, picture_weights};
use crate::names::position;
use crate::summary::mean;
use crate::view::{Cell, View};
use rayon::prelude::*;
use scribe_records::{Condition, Mode, ModelId, SparseConfusion};
use std::collections::{BTreeMap, BTreeSet};

/// The conditions whose pictures an IoU is computed from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ClassSet {
    /// One condition, clean or corrupted.
    One(Condition),
    /// All conditions of the paper's fifteen corruptions, in one confusion.
    Corrupted,
}

type Key = (ModelId, Mode, ClassSet);

/// The IoU of every class, in [0, 1], the mean over draws of the corruptions and then over training seeds; made once, read by the page and by `classes.csv`.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClassIous {
    found: BTreeMap<Key, Vec<Option<Interval>>>,
}

impl ClassIous {
    /// Computes all of them. An interval draws pictures, draws of the corruptions and training seeds; a class that the set
    /// labels counts in a resample only where a drawn picture labels it. Cost: cells x draws x resamples x pictures.
    pub(crate) fn new(view: &View, how: &Bootstrap) -> ClassIous {
        let resamples = Resamples::new(view, how);
        let looks: BTreeSet<(ModelId, Mode)> =
            view.confusions.keys().map(|c| (c.series.model.clone(), c.series.mode.clone())).collect();
        let sets = || {
            let one = std::iter::once(Condition::clean()).chain(view.corrupted()).map(ClassSet::One);
            one.chain([ClassSet::Corrupted])
        };
        let keys: Vec<Key> =
            looks.iter().flat_map(|(m, mode)| sets().map(|s| (m.clone(), mode.clone(), s))).collect();
        let computed = keys.into_par_iter().filter_map(|key| {
            let seeds = seeds(view, &key);
            (!seeds.is_empty()).then(|| {
                let ious = with_intervals(&resamples, how.level, &key.0, &seeds);
                (key, ious)
            })
        });
        ClassIous { found: computed.collect::<Vec<_>>().into_iter().collect() }
    }

    /// One entry a class, `None` where the class has no IoU; `None` where nothing was measured.
    pub(crate) fn get(&self, model: &ModelId, mode: &Mode, set: &ClassSet) -> Option<&[Option<Interval>]> {
        self.found.get(&(model.clone(), mode.clone(), set.clone())).map(Vec::as_slice)
    }
}

/// What the resamples draw, the same as for mIoU.
struct Resamples {
    /// How often each picture is drawn, resample by resample.
    pictures: Vec<Vec<u32>>,
    /// How often each draw of the corruptions is drawn.
    draws: Vec<Vec<u32>>,
    seeds: SeedDraws,
}

impl Resamples {
    fn new(view: &View, how: &Bootstrap) -> Resamples {
        let all = 0..how.resamples;
        Resamples {
            pictures: all.clone().map(|r| picture_weights(how, r, view.images.len())).collect(),
            draws: all.clone().map(|r| draw_weights(how, r, view.draw_count())).collect(),
            seeds: SeedDraws::new(view, how, all),
        }
    }
}

/// What one class has in one picture, in pixels.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    hits: u64,
    union: u64,
    truth: u64,
}

/// The counts of one seed under one draw, class by class: picture and its count, where the class is labelled or predicted.
type Counts = Vec<Vec<(usize, Count)>>;

/// The counts of each seed, added up over the conditions of the set: the place of a draw among the master seeds, and its
/// counts. A set of conditions without a draw has the first place alone.
fn seeds(view: &View, (model, mode, set): &Key) -> BTreeMap<u64, Vec<(usize, Counts)>> {
    let holds = |c: &Condition| match set {
        ClassSet::One(condition) => c == condition,
        ClassSet::Corrupted => position(&c.corruption).is_some(),
    };
    let mut cells: BTreeMap<u64, Vec<&Cell>> = BTreeMap::new();
    for cell in view.per_image.keys() {
        let s = &cell.series;
        if s.model == *model && s.mode == *mode && holds(&cell.condition) {
            cells.entry(s.seed).or_default().push(cell);
        }
    }
    let of_seed = |cells: Vec<&Cell>| {
        let drawn = cells.iter().any(|cell| view.further.contains_key(*cell));
        let places = 0..if drawn { view.draw_count() } else { 1 };
        places.filter_map(|place| Some((place, counts(view, &under(view, &cells, place)?)))).collect()
    };
    cells.into_iter().map(|(seed, cells)| (seed, of_seed(cells))).collect()
}

/// The pictures of each cell under one draw; a cell without a draw is the same under all of them. `None` where a cell has
/// other draws and lacks this one.
fn under<'a>(view: &'a View, cells: &[&Cell], place: usize) -> Option<Vec<&'a [(usize, SparseConfusion)]>> {
    let of_cell = |cell: &&Cell| match view.draws(cell).as_slice() {
        [(_, only)] => Some(*only),
        several => several.iter().find(|(at, _)| *at == place).map(|(_, pictures)| *pictures),
    };
    cells.iter().map(of_cell).collect()
}

/// The counts of several lists of pictures, added up picture by picture.
fn counts(view: &View, cells: &[&[(usize, SparseConfusion)]]) -> Counts {
    let mut classes: Vec<BTreeMap<usize, Count>> = vec![BTreeMap::new(); view.classes.len()];
    for (image, confusion) in cells.iter().copied().flatten() {
        for &(truth, pred, n) in confusion.cells() {
            let of_truth = classes[usize::from(truth)].entry(*image).or_default();
            of_truth.truth += u64::from(n);
            of_truth.union += u64::from(n);
            of_truth.hits += if truth == pred { u64::from(n) } else { 0 };
            if truth != pred {
                classes[usize::from(pred)].entry(*image).or_default().union += u64::from(n);
            }
        }
    }
    // Lists, which every resample runs through faster than through maps.
    classes.into_iter().map(|pictures| pictures.into_iter().collect()).collect()
}

/// IoU of a class over the drawn pictures; `None` where it does not occur, or is labelled in the set and not in the
/// draw.
fn weighted_iou(pictures: &[(usize, Count)], weight: impl Fn(usize) -> u64) -> Option<f64> {
    let labelled = pictures.iter().any(|(_, c)| c.truth > 0);
    let mut sum = Count::default();
    for (image, c) in pictures {
        let w = weight(*image);
        sum = Count {
            hits: sum.hits + w * c.hits,
            union: sum.union + w * c.union,
            truth: sum.truth + w * c.truth,
        };
    }
    (sum.union > 0 && (sum.truth > 0 || !labelled)).then(|| sum.hits as f64 / sum.union as f64)
}

/// The IoU of a class over the drawn pictures, the mean over the drawn draws of the corruptions in which it has one; NaN
/// where it has none in any. What has one draw alone is the same in every resample of the draws.
fn over_draws(draws: &[(usize, &[(usize, Count)])], pictures: &[u32], drawn: &[u32]) -> f64 {
    let iou = |of: &[(usize, Count)]| weighted_iou(of, |i| u64::from(pictures[i]));
    if let [(_, only)] = draws {
        return iou(only).unwrap_or(f64::NAN);
    }
    let (mut sum, mut n) = (0.0, 0.0);
    for (place, of_draw) in draws.iter().filter(|(place, _)| drawn[*place] > 0) {
        if let Some(iou) = iou(of_draw) {
            let weight = f64::from(drawn[*place]);
            sum += weight * iou;
            n += weight;
        }
    }
    sum / n
}

fn with_intervals(
    resamples: &Resamples,
    level: f64,
    model: &ModelId,
    seeds: &BTreeMap<u64, Vec<(usize, Counts)>>,
) -> Vec<Option<Interval>> {
    let classes = seeds.values().flatten().next().map_or(0, |(_, counts)| counts.len());
    let of_class = |class: usize| {
        // A seed under which the class is undefined has no part in the mean over seeds, nor in its draws.
        let defined = seeds.iter().filter_map(|(seed, draws)| {
            let draws: Vec<(usize, &[(usize, Count)])> =
                draws.iter().map(|(place, counts)| (*place, counts[class].as_slice())).collect();
            let value = mean(draws.iter().filter_map(|(_, pictures)| weighted_iou(pictures, |_| 1)))?;
            let both = resamples.pictures.iter().zip(&resamples.draws);
            Some((value, (*seed, both.map(|(w, drawn)| over_draws(&draws, w, drawn)).collect::<Vec<f64>>())))
        });
        let (values, draws): (Vec<f64>, Vec<(u64, Vec<f64>)>) = defined.unzip();
        Some(Interval::percentile(mean(values)?, resamples.seeds.mean(model, &draws), level))
    };
    (0..classes).map(of_class).collect()
}
