//! The IoU of each class with its interval, for every model, mode and condition, and for all corrupted conditions
//! together.

use crate::bootstrap::{Bootstrap, Interval, SeedDraws, picture_weights};
use crate::names::position;
use crate::view::View;
use rayon::prelude::*;
use scribe_records::{Condition, Mode, ModelId};
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

/// The IoU of every class, in [0, 1], the mean over training seeds; made once, read by the page and by `classes.csv`.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClassIous {
    found: BTreeMap<Key, Vec<Option<Interval>>>,
}

impl ClassIous {
    /// Computes all of them. An interval draws pictures and training seeds; a class that the set labels counts in a
    /// resample only where a drawn picture labels it. Cost: cells x resamples x pictures.
    pub(crate) fn new(view: &View, how: &Bootstrap) -> ClassIous {
        let weights: Vec<Vec<u32>> =
            (0..how.resamples).map(|r| picture_weights(how, r, view.images.len())).collect();
        let drawn = SeedDraws::new(view, how, 0..how.resamples);
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
                let ious = with_intervals(&weights, &drawn, how.level, &key.0, &seeds);
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

/// What one class has in one picture, in pixels.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    hits: u64,
    union: u64,
    truth: u64,
}

/// The counts of one seed, class by class: picture and its count, where the class is labelled or predicted.
type Counts = Vec<Vec<(usize, Count)>>;

/// The counts of each seed, added up over the conditions of the set.
fn seeds(view: &View, (model, mode, set): &Key) -> BTreeMap<u64, Counts> {
    let holds = |c: &Condition| match set {
        ClassSet::One(condition) => c == condition,
        ClassSet::Corrupted => position(&c.corruption).is_some(),
    };
    let mut found: BTreeMap<u64, Vec<BTreeMap<usize, Count>>> = BTreeMap::new();
    for (cell, pictures) in &view.per_image {
        let s = &cell.series;
        if s.model != *model || s.mode != *mode || !holds(&cell.condition) {
            continue;
        }
        let classes = found.entry(s.seed).or_insert_with(|| vec![BTreeMap::new(); view.classes.len()]);
        for (image, confusion) in pictures {
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
    }
    // Lists, which every resample runs through faster than through maps.
    let lists = |classes: Vec<BTreeMap<usize, Count>>| {
        classes.into_iter().map(|pictures| pictures.into_iter().collect()).collect()
    };
    found.into_iter().map(|(seed, classes)| (seed, lists(classes))).collect()
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

fn with_intervals(
    weights: &[Vec<u32>],
    drawn: &SeedDraws,
    level: f64,
    model: &ModelId,
    seeds: &BTreeMap<u64, Counts>,
) -> Vec<Option<Interval>> {
    let classes = seeds.values().next().map_or(0, Vec::len);
    let of_class = |class: usize| {
        // A seed under which the class is undefined has no part in the mean over seeds, nor in its draws.
        let defined = seeds.iter().filter_map(|(seed, counts)| {
            let pictures = &counts[class];
            let value = weighted_iou(pictures, |_| 1)?;
            let draw = |w: &Vec<u32>| weighted_iou(pictures, |i| u64::from(w[i])).unwrap_or(f64::NAN);
            Some((value, (*seed, weights.iter().map(draw).collect::<Vec<f64>>())))
        });
        let (values, draws): (Vec<f64>, Vec<(u64, Vec<f64>)>) = defined.unzip();
        let value = crate::summary::mean(values)?;
        Some(Interval::percentile(value, drawn.mean(model, &draws), level))
    };
    (0..classes).map(of_class).collect()
}
