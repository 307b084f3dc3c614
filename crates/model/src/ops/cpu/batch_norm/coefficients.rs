//! What the loops multiply with and add, for each element of a row.

use super::NAME;
use super::rows::Rows;
use crate::ops::batch_norm::layer::Layer;
use crate::ops::batch_norm::statistics::Statistics;
use crate::ops::cpu::real::{Real, read};
use candle_core::{Result, WithDType};

/// Scale and shift of a channel: `gamma / sqrt(var + eps)` and `beta - mean * scale`.
pub(super) fn scale_and_shift(gamma: f64, beta: f64, mean: f64, var: f64, eps: f64) -> (f64, f64) {
    let scale = gamma / (var + eps).sqrt();
    (scale, beta - mean * scale)
}

/// What is known of each channel, in f64.
pub(super) struct Channel {
    pub(super) mean: f64,
    pub(super) var: f64,
    pub(super) scale: f64,
    pub(super) shift: f64,
}

/// The channels of a layer whose parameters are of type `T`.
pub(super) fn channels<T: WithDType>(statistics: &Statistics, layer: Layer<'_>) -> Result<Vec<Channel>> {
    let numbers =
        |tensor| read(NAME, tensor, |v: &[T]| Ok(v.iter().map(|v| v.to_f64()).collect::<Vec<f64>>()));
    let (gamma, beta) = (numbers(layer.gamma)?, numbers(layer.beta)?);
    read(NAME, &statistics.mean, |mean: &[f64]| {
        read(NAME, &statistics.var, |var: &[f64]| {
            let channel = |c: usize| {
                let (scale, shift) = scale_and_shift(gamma[c], beta[c], mean[c], var[c], layer.eps);
                Channel { mean: mean[c], var: var[c], scale, shift }
            };
            Ok((0..gamma.len()).map(channel).collect())
        })
    })
}

/// The coefficients of `dx = d * scale - (x - mean) * along - offset`, with which `shift` makes the rectifier's argument.
pub(super) struct Coefficients<T> {
    pub(super) mean: Vec<T>,
    pub(super) scale: Vec<T>,
    pub(super) shift: Vec<T>,
    pub(super) along: Vec<T>,
    pub(super) offset: Vec<T>,
}

impl<T: Real> Coefficients<T> {
    /// Those that need no sums; `along` and `offset` are 0, as they are with constant statistics.
    pub(super) fn new(rows: &Rows, channels: &[Channel]) -> Coefficients<T> {
        let of = |value: &dyn Fn(&Channel) -> f64| {
            rows.repeated(&channels.iter().map(|c| T::from_f64(value(c))).collect::<Vec<T>>())
        };
        Coefficients {
            mean: of(&|c| c.mean),
            scale: of(&|c| c.scale),
            shift: of(&|c| c.shift),
            along: of(&|_| 0.),
            offset: of(&|_| 0.),
        }
    }
}
