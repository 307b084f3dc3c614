//! The forward pass of batch normalisation.

use super::rows::Rows;
use super::{NAME, kernels};
use crate::ops::Activation;
use crate::ops::cpu::memory::filled;
use crate::ops::cpu::real::{Real, read, with_real};
use crate::ops::layout::{as_map, channels_last};
use candle_core::{Device, Result, Tensor};

/// `activation(x * scale + shift + residual)`.
pub(in crate::ops) fn normalise(
    x: &Tensor,
    [scale, shift]: &[Tensor; 2],
    residual: Option<&Tensor>,
    activation: Activation,
) -> Result<Tensor> {
    let _operator = tracing::trace_span!("batch norm, forward").entered();
    let (n, c, h, w) = x.dims4()?;
    let (x, residual) = (channels_last(x)?, residual.map(channels_last).transpose()?);
    let relu = activation == Activation::Relu;
    let y = with_real!(x.dtype(), NAME, T => {
        let y = read(NAME, scale, |scale: &[T]| read(NAME, shift, |shift: &[T]| read(NAME, &x, |x: &[T]| match &residual {
            None => Ok(of_map(x, None, scale, shift, relu)),
            Some(r) => read(NAME, r, |r: &[T]| Ok(of_map(x, Some(r), scale, shift, relu))),
        })))?;
        Tensor::from_vec(y, (n, h, w, c), &Device::Cpu)?
    });
    as_map(&y)
}

fn of_map<T: Real>(x: &[T], residual: Option<&[T]>, scale: &[T], shift: &[T], relu: bool) -> Vec<T> {
    let rows = Rows::of(scale.len());
    let (scale, shift) = (rows.repeated(scale), rows.repeated(shift));
    filled(x.len(), rows.block, x.len() / 4, |i, y| {
        let (at, len) = (i * rows.block, y.len());
        let x = &x[at..][..len];
        match residual {
            None => kernels::normalise(x, &scale, &shift, relu, y),
            Some(residual) => kernels::normalise_add(x, &residual[at..][..len], &scale, &shift, relu, y),
        }
    })
}
