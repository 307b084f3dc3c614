//! The draws of a resample: pictures, and training seeds.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use scribe_records::ModelId;

use super::Bootstrap;

/// How often each of `n` pictures is drawn in resample `r`; the sum is `n`.
pub(crate) fn picture_weights(how: &Bootstrap, r: usize, n: usize) -> Vec<u32> {
    let mut rng = ChaCha8Rng::seed_from_u64(how.seed);
    rng.set_stream(r as u64);
    let mut weights = vec![0; n];
    for _ in 0..n {
        weights[rng.random_range(0..n)] += 1;
    }
    weights
}

/// The generator of a model's own draws in resample `r`: apart from the pictures' and from other models'.
fn model_generator(how: &Bootstrap, model: &ModelId, r: usize) -> ChaCha8Rng {
    // FNV-1a of the name: any fixed function of it serves.
    let hash = |h: u64, byte: &u8| (h ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let name = model.as_str().as_bytes().iter().fold(0xcbf2_9ce4_8422_2325, hash);
    let mut rng = ChaCha8Rng::seed_from_u64(how.seed ^ name);
    rng.set_stream(r as u64);
    rng
}

/// Mean over seeds drawn with replacement, per resample; with one seed that seed itself.
pub(crate) fn over_seeds(how: &Bootstrap, model: &ModelId, seeds: &[Vec<f64>]) -> Vec<f64> {
    (0..how.resamples)
        .map(|r| {
            let mut rng = model_generator(how, model, r);
            seeds.iter().map(|_| seeds[rng.random_range(0..seeds.len())][r]).sum::<f64>() / seeds.len() as f64
        })
        .collect()
}
