//! Initial values by the rules of PyTorch and torchvision, drawn from a generator that the caller seeds.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// A rule for the initial values of one tensor.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Init {
    /// Every value the same.
    Constant(f64),
    /// Normal, variance `2 / (outputs * kernel area)`: torchvision's ResNet.
    KaimingNormalFanOut,
    /// Normal, variance `2 / (inputs * kernel area)`: the common DeepLabV3+ heads.
    KaimingNormalFanIn,
    /// Uniform in `±1 / sqrt(inputs * kernel area)`: PyTorch's default for a convolution's weight.
    TorchDefault,
    /// Uniform in `±1 / sqrt(fan)`: PyTorch's default for a convolution's bias.
    Uniform {
        /// `inputs * kernel area` of the convolution.
        fan: usize,
    },
}

impl Init {
    /// The values of a tensor of this shape (`[Co, Ci, Kh, Kw]` for the Kaiming rules), in row-major order.
    ///
    /// One number is taken from `rng`. It seeds one stream for each block of values, so the result does not depend on
    /// the number of threads.
    pub(crate) fn draw(self, shape: &[usize], rng: &mut ChaCha8Rng) -> Vec<f64> {
        let count = shape.iter().product();
        match self.distribution(shape) {
            Distribution::Constant(value) => vec![value; count],
            Distribution::Normal(deviation) => blocks(count, rng, |block, rng| normal(block, deviation, rng)),
            Distribution::Uniform(bound) => blocks(count, rng, |block, rng| uniform(block, bound, rng)),
        }
    }

    /// The same rule for a tensor of this shape, as a `candle_nn::VarBuilder` takes it.
    pub(crate) fn as_candle(self, shape: &[usize]) -> candle_nn::Init {
        match self.distribution(shape) {
            Distribution::Constant(value) => candle_nn::Init::Const(value),
            Distribution::Normal(stdev) => candle_nn::Init::Randn { mean: 0., stdev },
            Distribution::Uniform(bound) => candle_nn::Init::Uniform { lo: -bound, up: bound },
        }
    }

    fn distribution(self, shape: &[usize]) -> Distribution {
        let area: usize = shape.iter().skip(2).product();
        let deviation = |fan: usize| Distribution::Normal((2. / fan as f64).sqrt());
        let bound = |fan: usize| Distribution::Uniform(1. / (fan as f64).sqrt());
        match self {
            Init::Constant(value) => Distribution::Constant(value),
            Init::KaimingNormalFanOut => deviation(shape[0] * area),
            Init::KaimingNormalFanIn => deviation(shape[1] * area),
            Init::TorchDefault => bound(shape[1] * area),
            Init::Uniform { fan } => bound(fan),
        }
    }
}

/// What the values of one tensor follow.
enum Distribution {
    Constant(f64),
    /// Mean 0, this standard deviation.
    Normal(f64),
    /// Between minus and plus this bound.
    Uniform(f64),
}

/// Values of one stream; even, because Box and Muller's normal numbers come in pairs.
const BLOCK: usize = 1 << 14;

fn blocks(count: usize, rng: &mut ChaCha8Rng, fill: impl Fn(&mut [f64], &mut ChaCha8Rng) + Sync) -> Vec<f64> {
    let root = ChaCha8Rng::seed_from_u64(rng.random());
    let mut values = vec![0.; count];
    values.par_chunks_mut(BLOCK).enumerate().for_each(|(index, block)| {
        let mut rng = root.clone();
        rng.set_stream(index as u64);
        fill(block, &mut rng);
    });
    values
}

fn uniform(values: &mut [f64], bound: f64, rng: &mut ChaCha8Rng) {
    values.iter_mut().for_each(|value| *value = rng.random_range(-bound..bound));
}

/// Box and Muller's transform: two uniform numbers make two normal ones.
fn normal(values: &mut [f64], deviation: f64, rng: &mut ChaCha8Rng) {
    for pair in values.chunks_mut(2) {
        // 1 - u is in (0, 1], so the logarithm is finite.
        let radius = (-2. * (1. - rng.random::<f64>()).ln()).sqrt() * deviation;
        let (sin, cos) = (std::f64::consts::TAU * rng.random::<f64>()).sin_cos();
        pair[0] = radius * cos;
        if let Some(second) = pair.get_mut(1) {
            *second = radius * sin;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_follow_the_rules() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let shape = [64, 32, 3, 3];
        for (init, variance) in [
            (Init::KaimingNormalFanOut, 2. / (64. * 9.)),
            (Init::KaimingNormalFanIn, 2. / (32. * 9.)),
            (Init::TorchDefault, 1. / (3. * 288.)),
            (Init::Uniform { fan: 288 }, 1. / (3. * 288.)),
        ] {
            let values = init.draw(&shape, &mut rng);
            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            let found = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
            // Standard errors at 18,432 draws: 0.0074 deviations for the mean, about 1 % for the variance.
            assert!(mean.abs() < 4. * (variance / n).sqrt(), "{init:?}: mean {mean}");
            assert!((found / variance - 1.).abs() < 0.045, "{init:?}: variance {found}, expected {variance}");
        }
    }

    #[test]
    fn an_odd_count_is_kept() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        assert_eq!(Init::KaimingNormalFanOut.draw(&[3, 1, 1, 1], &mut rng).len(), 3);
    }

    #[test]
    fn blocks_differ_and_threads_do_not_matter() {
        let draw = || Init::KaimingNormalFanIn.draw(&[3, BLOCK, 1, 1], &mut ChaCha8Rng::seed_from_u64(2));
        let values = draw();
        assert_ne!(values[..BLOCK], values[BLOCK..2 * BLOCK]);
        let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool of one thread");
        assert_eq!(values, single.install(draw));
    }
}
