//! Dropout.

use super::real::{read, with_real};
use crate::ops::dropout::Draws;
use crate::ops::layout::{as_map, channels_last};
use candle_core::{Device, Result, Tensor};
use rand::Rng;

const NAME: &str = "dropout";

/// `x` `[N, C, H, W]` with some values set to 0 and the others scaled.
pub(in crate::ops) fn dropout(x: &Tensor, draws: &Draws) -> Result<Tensor> {
    let x = channels_last(x)?;
    let (n, h, w, c) = x.dims4()?;
    let (mut rng, plane, scale) = (draws.generator(), h * w, draws.scale());
    let y = with_real!(x.dtype(), NAME, T => read(NAME, &x, |x: &[T]| {
        let mut y = vec![0 as T; x.len()];
        for (image, channel) in (0..n).flat_map(|image| (0..c).map(move |channel| (image, channel))) {
            for pixel in 0..plane {
                if rng.random::<f32>() >= draws.p {
                    let at = (image * plane + pixel) * c + channel;
                    y[at] = x[at] * scale as T;
                }
            }
        }
        Tensor::from_vec(y, (n, h, w, c), &Device::Cpu)
    }))?;
    as_map(&y)
}
