//! A batch norm of given statistics as a scale and a shift.

use super::NAME;
use super::coefficients::scale_and_shift;
use crate::ops::batch_norm::layer::Layer;
use crate::ops::cpu::real::{read, with_real};
use candle_core::{Device, Result, Tensor, WithDType};

/// The scale and the shift `[C]` of statistics in f64 or in the parameters' type.
pub(in crate::ops) fn fold(layer: Layer<'_>, mean: &Tensor, var: &Tensor) -> Result<[Tensor; 2]> {
    let Layer { gamma, beta, eps } = layer;
    with_real!(gamma.dtype(), NAME, T => {
        let (gamma, beta, mean, var) = (numbers(gamma)?, numbers(beta)?, numbers(mean)?, numbers(var)?);
        let of = |c: usize| scale_and_shift(gamma[c], beta[c], mean[c], var[c], eps);
        let (scale, shift): (Vec<T>, Vec<T>) =
            (0..gamma.len()).map(of).map(|(a, b)| (T::from_f64(a), T::from_f64(b))).unzip();
        let channels = gamma.len();
        Ok([Tensor::from_vec(scale, channels, &Device::Cpu)?, Tensor::from_vec(shift, channels, &Device::Cpu)?])
    })
}

fn numbers(tensor: &Tensor) -> Result<Vec<f64>> {
    with_real!(tensor.dtype(), NAME, T => read(NAME, tensor, |v: &[T]| Ok(v.iter().map(|v| v.to_f64()).collect())))
}
