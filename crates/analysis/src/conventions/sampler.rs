//! The values of conventions on the set and under resamples of images, draws of the corruptions and training seeds.

use super::{Pictures, Score};
use crate::bootstrap::{Bootstrap, Sampled, SeedDraws, draw_weights, picture_weights};
use crate::summary::mean;
use crate::view::{Cell, View};
use rayon::prelude::*;
use scribe_records::{Condition, Mode, ModelId, Series};
use std::ops::Range;

/// The draws of some resamples. They are those of [`crate::Resampled`], so that numbers of both can be compared.
pub(crate) struct Sampler<'a> {
    view: &'a View,
    weights: Vec<Vec<u32>>,
    /// How often each draw of the corruptions is drawn, resample by resample.
    corruptions: Vec<Vec<u32>>,
    /// The draws of the training seeds; without them every seed counts once in each resample.
    seeds: Option<SeedDraws>,
}

impl<'a> Sampler<'a> {
    /// The resamples of a range, which draw images, draws of the corruptions, and training seeds.
    pub(crate) fn new(view: &'a View, how: &Bootstrap, range: Range<usize>) -> Sampler<'a> {
        let seeds = Some(SeedDraws::new(view, how, range.clone()));
        let corruptions = range.clone().map(|r| draw_weights(how, r, view.draw_count())).collect();
        Sampler { seeds, corruptions, ..Sampler::of_pictures(view, how, range) }
    }

    /// The same, which draw images alone and keep the draws of the corruptions and the training seeds as they are.
    pub(crate) fn of_pictures(view: &'a View, how: &Bootstrap, range: Range<usize>) -> Sampler<'a> {
        let corruptions = vec![vec![1; view.draw_count()]; range.len()];
        let weights = range.map(|r| picture_weights(how, r, view.images.len())).collect();
        Sampler { view, weights, corruptions, seeds: None }
    }

    /// The wanted scores of one model in one mode under one condition, the mean over draws of the corruption and then
    /// over training seeds; `None` for one without a value. A seed without a value of a score has no part in its mean.
    pub(crate) fn cell(
        &self,
        model: &ModelId,
        mode: &Mode,
        condition: &Condition,
        wanted: &[Score],
    ) -> Vec<Option<Sampled>> {
        let of_seed = |seed: u64| {
            let series = Series::new(model.clone(), seed, mode.clone());
            let cell = Cell { series, condition: condition.clone() };
            Some((seed, self.of_seed(&cell, wanted)?))
        };
        let seeds: Vec<_> = self.view.seeds(model).into_iter().filter_map(of_seed).collect();
        let of_score = |place: usize| {
            let held = seeds.iter().filter(|(_, scores)| scores.whole[place].is_finite());
            let (values, draws): (Vec<f64>, Vec<(u64, Vec<f64>)>) = held
                .map(|(seed, scores)| {
                    let drawn = scores.drawn.iter().map(|all| all[place]).collect();
                    (scores.whole[place], (*seed, drawn))
                })
                .unzip();
            Some(Sampled { value: mean(values)?, draws: self.over_seeds(model, &draws) })
        };
        (0..wanted.len()).map(of_score).collect()
    }

    /// The scores of one training seed; `None` where nothing was counted.
    fn of_seed(&self, cell: &Cell, wanted: &[Score]) -> Option<Scores> {
        let (classes, first) = (self.view.classes.len(), self.view.first_foreground());
        let draws = self.view.draws(cell).into_iter();
        let prepared: Vec<(usize, Pictures)> =
            draws.map(|(place, pictures)| (place, Pictures::new(pictures, classes, first, wanted))).collect();
        let (all, each) = (vec![1; self.view.images.len()], vec![1; self.view.draw_count()]);
        let drawn = self.weights.par_iter().zip(&self.corruptions);
        let drawn = drawn.map(|(images, of_draws)| over_draws(&prepared, wanted, images, of_draws)).collect();
        (!prepared.is_empty()).then(|| Scores { whole: over_draws(&prepared, wanted, &all, &each), drawn })
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

/// The scores of one training seed, in the order in which they were asked for.
struct Scores {
    whole: Vec<f64>,
    /// Resample by resample.
    drawn: Vec<Vec<f64>>,
}

/// The mean scores of the drawn draws of a cell, each over those draws in which it has a value; a cell without further
/// draws is the same in all of them.
fn over_draws(prepared: &[(usize, Pictures)], wanted: &[Score], images: &[u32], drawn: &[u32]) -> Vec<f64> {
    if let [(_, only)] = prepared {
        return only.scores(wanted, images);
    }
    let mut sums = vec![(0.0, 0.0); wanted.len()];
    for (place, of_draw) in prepared.iter().filter(|(place, _)| drawn[*place] > 0) {
        let weight = f64::from(drawn[*place]);
        let scores = of_draw.scores(wanted, images);
        let held = sums.iter_mut().zip(scores).filter(|(_, score)| score.is_finite());
        held.for_each(|((sum, n), score)| (*sum, *n) = (*sum + weight * score, *n + weight));
    }
    sums.iter().map(|(sum, n)| sum / n).collect()
}
