//! The pictures and the training seeds that a resample draws.

use super::Bootstrap;
use crate::view::View;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use scribe_records::ModelId;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// How often each of `n` pictures is drawn in resample `r`, in sequences of [`Bootstrap::sequence`]; the sum is `n`.
pub(crate) fn picture_weights(how: &Bootstrap, r: usize, n: usize) -> Vec<u32> {
    let mut rng = picture_generator(how, r);
    let mut weights = vec![0; n];
    let mut left = n;
    while left > 0 {
        let start = rng.random_range(0..n);
        // Behind the last picture comes the first, so that every picture is drawn equally often (Politis and Romano 1992).
        let length = how.sequence.clamp(1, left);
        (start..start + length).for_each(|at| weights[at % n] += 1);
        left -= length;
    }
    weights
}

/// How often each of `n` things that have no order is drawn in resample `r`, with the random numbers of the pictures.
pub(crate) fn independent_weights(how: &Bootstrap, r: usize, n: usize) -> Vec<u32> {
    weights(&mut picture_generator(how, r), n)
}

fn picture_generator(how: &Bootstrap, r: usize) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(how.seed);
    rng.set_stream(r as u64);
    rng
}

fn weights(rng: &mut ChaCha8Rng, n: usize) -> Vec<u32> {
    let mut weights = vec![0; n];
    for _ in 0..n {
        weights[rng.random_range(0..n)] += 1;
    }
    weights
}

/// How often each of `n` draws of the corruptions is drawn in resample `r`, the same for all models and conditions; the sum
/// is `n`.
pub(crate) fn draw_weights(how: &Bootstrap, r: usize, n: usize) -> Vec<u32> {
    // No model and no list of seeds has this name.
    weights(&mut generator(how, "draws of the corruptions", r), n)
}

/// How often each training seed of each model is drawn, resample by resample.
#[derive(Debug, Clone)]
pub(crate) struct SeedDraws {
    /// The seeds of each model and, a resample an entry, how often each of them is drawn.
    of: BTreeMap<ModelId, (Vec<u64>, Vec<Vec<u32>>)>,
}

impl SeedDraws {
    /// The draws of the resamples `range` for every model of the view. Models that share their seeds (the run trained
    /// them, with the same seed numbers) share the draw; each other model draws apart.
    pub(crate) fn new(view: &View, how: &Bootstrap, range: Range<usize>) -> SeedDraws {
        let mut seeds: BTreeMap<ModelId, BTreeSet<u64>> = BTreeMap::new();
        for cell in view.confusions.keys().chain(view.sums.keys().map(|(cell, _)| cell)) {
            seeds.entry(cell.series.model.clone()).or_default().insert(cell.series.seed);
        }
        let drawn = |(model, seeds): (ModelId, BTreeSet<u64>)| {
            let seeds: Vec<u64> = seeds.into_iter().collect();
            let who = if view.trained.contains(&model) { format!("{seeds:?}") } else { model.to_string() };
            let draw = |r: usize| weights(&mut generator(how, &who, r), seeds.len());
            let drawn = range.clone().map(draw).collect();
            (model, (seeds, drawn))
        };
        SeedDraws { of: seeds.into_iter().map(drawn).collect() }
    }

    /// The mean over the drawn seeds in every resample, of a value of each seed in every resample. Seeds without
    /// values (a run that did not finish) count in no mean; where a resample draws only such seeds the mean is NaN.
    pub(crate) fn mean(&self, model: &ModelId, values: &[(u64, Vec<f64>)]) -> Vec<f64> {
        let Some((seeds, drawn)) = self.of.get(model) else { return Vec::new() };
        let place = |seed: &u64| seeds.iter().position(|s| s == seed);
        let values: Vec<_> = values.iter().filter_map(|(seed, v)| Some((place(seed)?, v))).collect();
        let mean = |(r, weights): (usize, &Vec<u32>)| {
            let (mut sum, mut n) = (0.0, 0.0);
            for (at, of_seed) in values.iter().filter(|(at, _)| weights[*at] > 0) {
                let weight = f64::from(weights[*at]);
                sum += weight * of_seed[r];
                n += weight;
            }
            sum / n
        };
        drawn.iter().enumerate().map(mean).collect()
    }
}

/// The generator of the draws of seeds in resample `r`: apart from the pictures', and another one for each `who`,
/// which is a model or a list of seeds.
fn generator(how: &Bootstrap, who: &str, r: usize) -> ChaCha8Rng {
    // FNV-1a of the name: any fixed function of it serves.
    let hash = |h: u64, byte: &u8| (h ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let name = who.as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, hash);
    let mut rng = ChaCha8Rng::seed_from_u64(how.seed ^ name);
    rng.set_stream(r as u64);
    rng
}
