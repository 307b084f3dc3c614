//! Atrous spatial pyramid pooling (DeepLabV3), with torchvision's names.

use super::builder::Builder;
use super::config::DeepLabConfig;
use super::conv::{ConvNorm, ConvSpec};
use super::init::Init;
use super::phase::Phase;
use crate::Result;
use crate::local_batch::LocalBatch;
use crate::ops::dropout::{self, Draws};
use crate::ops::{Activation, concat, global_avg_pool, layout};
use candle_core::Tensor;
use rand_chacha::ChaCha8Rng;

/// Five branches over the same features (a 1x1 convolution, three dilated 3x3 convolutions, the mean of the image), joined
/// and projected.
#[derive(Debug)]
pub(crate) struct Aspp {
    /// The 1x1 and the three dilated convolutions.
    branches: Vec<ConvNorm>,
    pooled: ConvNorm,
    project: ConvNorm,
    dropout: f32,
}

impl Aspp {
    pub(crate) fn new(
        mut b: Builder<'_, '_>,
        inputs: usize,
        net: &DeepLabConfig,
        init: Init,
    ) -> Result<Aspp> {
        let outputs = net.channels(256);
        let relu = Activation::Relu;
        let mut branches = Vec::new();
        for index in 0..4 {
            let spec = match index {
                0 => ConvSpec::pointwise(inputs, outputs, init),
                _ => ConvSpec::three(inputs, outputs, net.rates[index - 1], init),
            };
            let mut b = b.child(format!("convs.{index}"));
            branches.push(ConvNorm::new(&mut b, ("0", "1"), spec, relu, net.bn_momentum)?);
        }
        let spec = ConvSpec::pointwise(inputs, outputs, init);
        let pooled = ConvNorm::new(&mut b.child("convs.4"), ("1", "2"), spec, relu, net.bn_momentum)?;
        let spec = ConvSpec::pointwise(5 * outputs, outputs, init);
        let project = ConvNorm::new(&mut b.child("project"), ("0", "1"), spec, relu, net.bn_momentum)?;
        Ok(Aspp { branches, pooled, project, dropout: net.dropout as f32 })
    }

    pub(crate) fn forward(&self, x: &Tensor, phase: &mut Phase<'_>) -> Result<Tensor> {
        let mut joined = Vec::with_capacity(5);
        for branch in &self.branches {
            joined.push(branch.forward(x, None, phase)?);
        }
        joined.push(self.whole_image(x, phase)?);
        let y = self.project.forward(&join(&joined, phase)?, None, phase)?;
        match phase {
            Phase::Train { .. } if self.dropout > 0. => dropout(&y, self.dropout, phase),
            _ => Ok(y),
        }
    }

    /// The mean of the image, the same for each pixel.
    fn whole_image(&self, x: &Tensor, phase: &mut Phase<'_>) -> Result<Tensor> {
        let (_, _, h, w) = x.dims4()?;
        let mean = global_avg_pool::forward(x)?;
        let features = x.clone();
        phase.record(&mean, move |dy, gradients| {
            gradients.add(&features, global_avg_pool::backward(dy, [h, w])?)
        });
        let pooled = self.pooled.forward(&mean, None, phase)?;
        // Bilinear upsampling from one pixel is that pixel everywhere.
        let (n, c, _, _) = pooled.dims4()?;
        let spread = layout::as_map(&layout::channels_last(&pooled.broadcast_as((n, c, h, w))?)?)?;
        phase.record(&spread, move |dy, gradients| {
            let sum = (global_avg_pool::forward(dy)? * (h * w) as f64)?;
            gradients.add(&pooled, sum)
        });
        Ok(spread)
    }
}

/// Maps joined along their channels.
pub(super) fn join(maps: &[Tensor], phase: &mut Phase<'_>) -> Result<Tensor> {
    let joined = concat::forward(&maps.iter().collect::<Vec<_>>())?;
    let maps = maps.to_vec();
    phase.record(&joined, move |dy, gradients| {
        let channels = maps.iter().map(|map| map.dim(1)).collect::<candle_core::Result<Vec<_>>>()?;
        let parts = concat::backward(dy, &channels)?;
        maps.iter().zip(parts).try_for_each(|(map, part)| gradients.add(map, part))
    });
    Ok(joined)
}

/// Sets each value to 0 with probability `p` and divides the others by `1 - p`. Each value takes one draw, in the order of
/// images, channels, rows and columns.
///
/// The draws are those of the global batch: the ones for the images before and after the local ones are skipped.
fn dropout(x: &Tensor, p: f32, phase: &mut Phase<'_>) -> Result<Tensor> {
    let Phase::Train { rng, local, .. } = phase else { return Ok(x.clone()) };
    let draws = rng.with(|rng| draws(x, p, rng, local))?;
    let y = dropout::dropout(x, &draws)?;
    let x = x.clone();
    phase.record(&y, move |dy, gradients| gradients.add(&x, dropout::dropout(dy, &draws)?));
    Ok(y)
}

/// The local images' draws; the generator moves on by those of the global batch.
fn draws(x: &Tensor, p: f32, rng: &mut ChaCha8Rng, local: &LocalBatch) -> Result<Draws> {
    let each = x.elem_count() / x.dim(0)?.max(1);
    let draws = Draws::new(rng, local.first * each, p)?;
    rng.set_word_pos(rng.get_word_pos() + (local.global * each) as u128);
    Ok(draws)
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;
    use rand::{Rng, SeedableRng};

    #[test]
    fn the_draws_of_local_batches_are_those_of_the_global_batch() -> Result<()> {
        let ones = |pictures: usize| Tensor::ones((pictures, 3, 5, 7), candle_core::DType::F32, &Device::Cpu);
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let mut next = Vec::new();
        let mut values_of = |pictures: usize, local: &LocalBatch| -> Result<Vec<f32>> {
            rng.set_word_pos(3);
            let x = ones(pictures)?;
            let draws = super::draws(&x, 0.4, &mut rng, local)?;
            let values = dropout::dropout(&x, &draws)?.flatten_all()?.to_vec1()?;
            next.push(rng.random::<u32>());
            Ok(values)
        };
        let whole = values_of(5, &LocalBatch::whole(5))?;
        let first = values_of(2, &LocalBatch { first: 0, global: 5, statistics: None })?;
        let rest = values_of(3, &LocalBatch { first: 2, global: 5, statistics: None })?;
        assert_eq!([first, rest].concat(), whole);
        assert!(whole.contains(&0.) && whole.iter().any(|&v| v > 1.));
        // What is drawn afterwards does not depend on the local batch either.
        assert!(next.iter().all(|word| *word == next[0]));
        Ok(())
    }
}
