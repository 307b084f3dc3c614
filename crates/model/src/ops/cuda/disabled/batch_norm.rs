//! Stands for batch normalisation.

use super::unavailable;
use crate::ops::Activation;
use crate::ops::batch_norm::batch_stats::BatchStats;
use crate::ops::batch_norm::gradients::{Backward, Gradients};
use crate::ops::batch_norm::layer::Layer;
use crate::ops::batch_norm::moments::{Applied, Parts};
use crate::ops::batch_norm::running::Running;
use crate::ops::batch_norm::statistics::Statistics;
use candle_core::{Result, Tensor};

pub(in crate::ops) fn moments(_x: &Tensor) -> Result<Statistics> {
    unavailable()
}

pub(in crate::ops) fn statistics(_parts: &Parts) -> Result<Statistics> {
    unavailable()
}

pub(in crate::ops) fn apply(
    _parts: &Parts,
    _layer: Layer<'_>,
    _running: Running<'_>,
    _momentum: f64,
) -> Result<Applied> {
    unavailable()
}

pub(in crate::ops) fn normalise(
    _x: &Tensor,
    _folded: &[Tensor; 2],
    _residual: Option<&Tensor>,
    _activation: Activation,
) -> Result<Tensor> {
    unavailable()
}

pub(in crate::ops) fn backward(_backward: &Backward<'_>, _folded: &[Tensor; 2]) -> Result<Gradients> {
    unavailable()
}

pub(in crate::ops) fn fold(_layer: Layer<'_>, _mean: &Tensor, _var: &Tensor) -> Result<[Tensor; 2]> {
    unavailable()
}

pub(in crate::ops) fn track(_running: Running<'_>, _batch: &BatchStats, _momentum: f64) -> Result<()> {
    unavailable()
}
