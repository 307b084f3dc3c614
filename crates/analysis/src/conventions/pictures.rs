//! The counts of many images, prepared so that a resample of them is scored quickly.

use super::Convention;
use super::class_pixels::ClassPixels;
use super::picture_wise::{Scores, mean_score, of_image};
use super::set_wise::{self, Totals, is_set_wise};
use crate::summary::mean;
use scribe_records::SparseConfusion;
use std::collections::BTreeMap;

/// What is asked for: a convention, over all classes or for one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Score {
    /// The convention.
    pub(crate) convention: Convention,
    /// The class, of those conventions that have a value by class.
    pub(crate) class: Option<usize>,
}

/// The counts of the images of one cell and training seed.
#[derive(Debug, Clone)]
pub(crate) struct Pictures {
    first_foreground: usize,
    /// By class, the images that label or predict it.
    by_class: Vec<Vec<(usize, ClassPixels)>>,
    /// The scores of single images by convention.
    image_wise: BTreeMap<Convention, Scores>,
    /// By class, the IoUs of the images that label it.
    class_wise: Vec<Scores>,
}

impl Pictures {
    /// Prepares images, each with its place among the weights, for the wanted scores.
    pub(crate) fn new(
        pictures: &[(usize, SparseConfusion)],
        classes: usize,
        first_foreground: usize,
        wanted: &[Score],
    ) -> Pictures {
        let mut prepared = Pictures {
            first_foreground,
            by_class: vec![Vec::new(); classes],
            image_wise: BTreeMap::new(),
            class_wise: vec![Vec::new(); classes],
        };
        for (image, confusion) in pictures {
            let found = class_pixels(confusion);
            for (class, pixels) in &found {
                prepared.by_class[*class].push((*image, *pixels));
                if let Some(iou) = pixels.iou().filter(|_| pixels.labelled > 0) {
                    prepared.class_wise[*class].push((*image, iou));
                }
            }
            for convention in wanted.iter().map(|score| score.convention) {
                if let Some(score) = of_image(convention, &found, classes, first_foreground) {
                    prepared.image_wise.entry(convention).or_default().push((*image, score));
                }
            }
        }
        // A stable sort: the same scores in the same order on every machine.
        let lists = prepared.image_wise.values_mut().chain(&mut prepared.class_wise);
        lists.for_each(|scores| scores.sort_by(|a, b| a.1.total_cmp(&b.1)));
        prepared
    }

    /// The wanted scores of the images under these weights, one a picture of the view; NaN where one has no value.
    pub(crate) fn scores(&self, wanted: &[Score], weights: &[u32]) -> Vec<f64> {
        // The sums over all images are the larger part of the work, and half of the conventions need none.
        let totals =
            if wanted.iter().any(|s| is_set_wise(s.convention)) { self.totals(weights) } else { Vec::new() };
        let score = |score: &Score| self.score(*score, &totals, weights).unwrap_or(f64::NAN);
        wanted.iter().map(score).collect()
    }

    fn score(&self, score: Score, totals: &Totals, weights: &[u32]) -> Option<f64> {
        let worst = matches!(score.convention, Convention::WorstImages | Convention::ClassWiseWorst);
        let class_wise = matches!(score.convention, Convention::ClassWise | Convention::ClassWiseWorst);
        match score.class {
            Some(class) if class_wise => mean_score(self.class_wise.get(class)?, weights, worst),
            Some(class) => set_wise::of_class(score.convention, (*totals.get(class)?)?),
            None if class_wise => mean(self.class_wise.iter().filter_map(|s| mean_score(s, weights, worst))),
            None => match self.image_wise.get(&score.convention) {
                Some(scores) => mean_score(scores, weights, worst),
                None => set_wise::value(score.convention, totals, self.first_foreground),
            },
        }
    }

    fn totals(&self, weights: &[u32]) -> Totals {
        let of_class = |pictures: &Vec<(usize, ClassPixels)>| {
            let labelled = pictures.iter().any(|(_, c)| c.labelled > 0);
            let add = |sum: ClassPixels, (image, c): &(usize, ClassPixels)| {
                sum.plus(u64::from(weights[*image]), *c)
            };
            let sum = pictures.iter().fold(ClassPixels::default(), add);
            (sum.labelled > 0 || !labelled).then_some(sum)
        };
        self.by_class.iter().map(of_class).collect()
    }
}

/// The classes that an image labels or that were predicted in it, ascending, with their pixels.
fn class_pixels(confusion: &SparseConfusion) -> Vec<(usize, ClassPixels)> {
    let mut found: BTreeMap<usize, ClassPixels> = BTreeMap::new();
    for &(truth, predicted, n) in confusion.cells() {
        let n = u64::from(n);
        let of_truth = found.entry(usize::from(truth)).or_default();
        of_truth.labelled += n;
        of_truth.hits += if truth == predicted { n } else { 0 };
        found.entry(usize::from(predicted)).or_default().predicted += n;
    }
    found.into_iter().collect()
}
