//! Initial values: the rules of PyTorch and torchvision, drawn from a generator that the caller seeds.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

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
    pub(crate) fn draw(self, shape: &[usize], rng: &mut ChaCha8Rng) -> Vec<f64> {
        let count = shape.iter().product();
        let area: usize = shape.iter().skip(2).product();
        match self {
            Init::Constant(value) => vec![value; count],
            Init::KaimingNormalFanOut => normal(count, (2. / (shape[0] * area) as f64).sqrt(), rng),
            Init::KaimingNormalFanIn => normal(count, (2. / (shape[1] * area) as f64).sqrt(), rng),
            Init::TorchDefault => uniform(count, shape[1] * area, rng),
            Init::Uniform { fan } => uniform(count, fan, rng),
        }
    }
}

fn uniform(count: usize, fan: usize, rng: &mut ChaCha8Rng) -> Vec<f64> {
    let bound = 1. / (fan as f64).sqrt();
    (0..count).map(|_| rng.random_range(-bound..bound)).collect()
}

/// Box and Muller's transform: two uniform numbers make two normal ones.
fn normal(count: usize, deviation: f64, rng: &mut ChaCha8Rng) -> Vec<f64> {
    let mut values = Vec::with_capacity(count + 1);
    while values.len() < count {
        // 1 - u lies in (0, 1], so the logarithm is finite.
        let radius = (-2. * (1. - rng.random::<f64>()).ln()).sqrt() * deviation;
        let (sin, cos) = (std::f64::consts::TAU * rng.random::<f64>()).sin_cos();
        values.push(radius * cos);
        values.push(radius * sin);
    }
    values.truncate(count);
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

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
}
