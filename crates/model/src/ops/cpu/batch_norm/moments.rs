//! Mean and variance of the channels of a map.

use super::rows::Rows;
use super::sums::{Adder, Sums};
use super::{NAME, kernels};
use crate::ops::batch_norm::statistics::Statistics;
use crate::ops::cpu::parallel;
use crate::ops::cpu::real::{Real, read, with_real};
use crate::ops::layout::channels_last;
use candle_core::{Device, Result, Tensor};

/// Pixels whose mean is the pivot.
const SAMPLE: usize = 64;

/// Mean and biased variance of each channel.
pub(in crate::ops) fn moments(x: &Tensor) -> Result<Statistics> {
    let _operator = tracing::trace_span!("batch norm, statistics").entered();
    let (n, c, h, w) = x.dims4()?;
    let x = channels_last(x)?;
    let (pivot, sums) = with_real!(x.dtype(), NAME, T => read(NAME, &x, |x: &[T]| Ok(of_map(x, c))))?;
    let count = (n * h * w) as f64;
    let (mut mean, mut var) = (pivot, sums.second);
    for ((mean, var), sum) in mean.iter_mut().zip(&mut var).zip(sums.first) {
        let offset = sum / count;
        *mean += offset;
        let spread = *var / count - offset * offset;
        // Rounding may leave a constant channel slightly below zero; `max` would turn NaN into 0.
        *var = if spread < 0. { 0. } else { spread };
    }
    Ok(Statistics {
        mean: Tensor::from_vec(mean, c, &Device::Cpu)?,
        var: Tensor::from_vec(var, c, &Device::Cpu)?,
    })
}

/// The pivot of each channel, and the sums of the distances from it and of their squares.
fn of_map<T: Real>(x: &[T], channels: usize) -> (Vec<f64>, Sums) {
    let rows = Rows::of(channels);
    let pivot = pivot(x, channels);
    let repeated = rows.repeated(&pivot);
    let blocks = parallel::map(x.len().div_ceil(rows.block.max(1)), x.len() / 4, |i| {
        let block = &x[i * rows.block..][..rows.block.min(x.len() - i * rows.block)];
        let mut adder = Adder::new(&rows);
        for run in block.chunks(rows.run) {
            adder.run(|sum, square| kernels::moments(run, &repeated, sum, square));
        }
        adder.total()
    });
    (pivot.iter().map(|v| v.to_f64()).collect(), Sums::of_channels(&rows, blocks.into_iter()))
}

/// A number near the values of each channel: the mean over the first pixels.
fn pivot<T: Real>(x: &[T], channels: usize) -> Vec<T> {
    let mut sums = vec![0f64; channels];
    let pixels = x.chunks(channels.max(1)).take(SAMPLE);
    let count = pixels.len() as f64;
    for pixel in pixels {
        for (sum, v) in sums.iter_mut().zip(pixel) {
            *sum += v.to_f64();
        }
    }
    sums.iter().map(|sum| T::from_f64(sum / count)).collect()
}
