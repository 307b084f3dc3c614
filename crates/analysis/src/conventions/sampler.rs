//! The values of conventions on the set and under resamples of images and training seeds.

use super::{Pictures, Score};
use crate::bootstrap::{Bootstrap, Sampled, SeedDraws, picture_weights};
use crate::summary::mean;
use crate::view::{Cell, View};
use rayon::prelude::*;
use scribe_records::{Condition, Mode, ModelId, Series};
use std::ops::Range;

/// The draws of some resamples. They are those of [`crate::Resampled`], so that numbers of both can be compared.
pub(crate) struct Sampler<'a> {
    view: &'a View,
    weights: Vec<Vec<u32>>,
    /// The draws of the training seeds; without them every seed counts once in each resample.
    seeds: Option<SeedDraws>,
}

impl<'a> Sampler<'a> {
    /// The resamples of a range, which draw images and training seeds.
    pub(crate) fn new(view: &'a View, how: &Bootstrap, range: Range<usize>) -> Sampler<'a> {
        let seeds = Some(SeedDraws::new(view, how, range.clone()));
        Sampler { seeds, ..Sampler::of_pictures(view, how, range) }
    }

    /// The same, which draw images alone and keep the training seeds as they are.
    pub(crate) fn of_pictures(view: &'a View, how: &Bootstrap, range: Range<usize>) -> Sampler<'a> {
        let weights = range.map(|r| picture_weights(how, r, view.images.len())).collect();
        Sampler { view, weights, seeds: None }
    }

    /// The wanted scores of one model in one mode under one condition, the mean over training seeds; `None` for one
    /// without a value. A seed without a value of a score has no part in its mean.
    pub(crate) fn cell(
        &self,
        model: &ModelId,
        mode: &Mode,
        condition: &Condition,
        wanted: &[Score],
    ) -> Vec<Option<Sampled>> {
        let of_seed = |seed: u64| {
            let series = Series::new(model.clone(), seed, mode.clone());
            let pictures = self.view.per_image.get(&Cell { series, condition: condition.clone() })?;
            let (classes, first) = (self.view.classes.len(), self.view.first_foreground());
            let prepared = Pictures::new(pictures, classes, first, wanted);
            let whole = prepared.scores(wanted, &vec![1; self.view.images.len()]);
            let drawn: Vec<Vec<f64>> =
                self.weights.par_iter().map(|weights| prepared.scores(wanted, weights)).collect();
            Some((seed, whole, drawn))
        };
        let seeds: Vec<_> = self.view.seeds(model).into_iter().filter_map(of_seed).collect();
        let of_score = |place: usize| {
            let held = seeds.iter().filter(|(_, whole, _)| whole[place].is_finite());
            let (values, draws): (Vec<f64>, Vec<(u64, Vec<f64>)>) = held
                .map(|(seed, whole, drawn)| {
                    (whole[place], (*seed, drawn.iter().map(|all| all[place]).collect()))
                })
                .unzip();
            Some(Sampled { value: mean(values)?, draws: self.over_seeds(model, &draws) })
        };
        (0..wanted.len()).map(of_score).collect()
    }

    fn over_seeds(&self, model: &ModelId, draws: &[(u64, Vec<f64>)]) -> Vec<f64> {
        match &self.seeds {
            Some(drawn) => drawn.mean(model, draws),
            None => {
                let mean = |r: usize| draws.iter().map(|d| d.1[r]).sum::<f64>() / draws.len() as f64;
                (0..self.weights.len()).map(mean).collect()
            }
        }
    }
}
