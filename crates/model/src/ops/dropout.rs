//! Dropout: random values of a map set to zero.

use super::{cpu, cuda};
use candle_core::{Result, Tensor};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Which values of a map `[N, C, H, W]` are dropped: each takes one draw, an f32 from one word of a ChaCha8 generator, in
/// the order of images, channels, rows and columns. The words can be computed one by one, as a GPU does.
#[derive(Clone, Debug)]
pub(crate) struct Draws {
    /// The generator's seed and stream.
    pub(crate) seed: [u8; 32],
    pub(crate) stream: u64,
    /// The number of the first value's word.
    pub(crate) first: u64,
    /// The probability to be dropped.
    pub(crate) p: f32,
}

impl Draws {
    /// Draws that begin `skipped` words after the generator's place.
    ///
    /// # Errors
    /// When the generator has given more than 2^64 words.
    pub(crate) fn new(rng: &ChaCha8Rng, skipped: usize, p: f32) -> Result<Draws> {
        let first = rng.get_word_pos() + skipped as u128;
        let Ok(first) = u64::try_from(first) else {
            candle_core::bail!("dropout: the generator is at its word {first}, expected one below 2^64")
        };
        Ok(Draws { seed: rng.get_seed(), stream: rng.get_stream(), first, p })
    }

    /// What the values that stay are multiplied with.
    pub(crate) fn scale(&self) -> f32 {
        1. / (1. - self.p)
    }

    /// The generator, at the first value's word.
    pub(crate) fn generator(&self) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::from_seed(self.seed);
        rng.set_stream(self.stream);
        rng.set_word_pos(u128::from(self.first));
        rng
    }
}

/// `x` with each value set to 0 with probability `p`, and the others divided by `1 - p`. The same draws take a gradient of
/// the result to that of `x`.
pub(crate) fn dropout(x: &Tensor, draws: &Draws) -> Result<Tensor> {
    if x.device().is_cuda() { cuda::dropout::dropout(x, draws) } else { cpu::dropout::dropout(x, draws) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;
    use rand::Rng;

    #[test]
    fn each_value_takes_the_next_draw_in_the_order_of_the_shape() -> Result<()> {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        rng.set_word_pos(5);
        let draws = Draws::new(&rng, 3, 0.25)?;
        let x = Tensor::arange(1f32, 121., &Device::Cpu)?.reshape((2, 3, 4, 5))?;
        let y = dropout(&x, &draws)?.flatten_all()?.to_vec1::<f32>()?;
        (0..3).for_each(|_| {
            rng.random::<f32>();
        });
        for (i, y) in y.iter().enumerate() {
            let expected = if rng.random::<f32>() < 0.25 { 0. } else { (i + 1) as f32 * draws.scale() };
            assert_eq!(*y, expected, "value {i}");
        }
        Ok(())
    }
}
