//! Convolution on the CPU, on maps with their channels last.

mod block;
mod correlation;
mod direct;
mod finish;
mod moments;
mod passes;
#[cfg(test)]
mod tests;
mod weight_gradient;
mod window;
mod window_gradient;
mod winograd;

use super::level::Level;
use super::real::{read, with_real};
use crate::ops::batch_norm::Statistics;
use crate::ops::geometry::Conv2dShape;
use crate::ops::layout::{as_map, channels_last};
use crate::ops::{Activation, ChannelAffine, FoldedWeights};
use candle_core::{DType, Device, Result, Tensor, WithDType};
use finish::Finish;
use passes::Way;

const NAME: &str = "conv2d";

/// The result of a convolution, plus a bias.
pub(in crate::ops) fn forward(
    shape: &Conv2dShape,
    x: &Tensor,
    weight: &Tensor,
    bias: Option<&Tensor>,
) -> Result<Tensor> {
    let _operator = tracing::trace_span!("convolution, forward").entered();
    with_real!(x.dtype(), NAME, T => read(NAME, &channels_last(x)?, |x: &[T]| {
        read(NAME, weight, |weight: &[T]| {
            let way = Way::of(shape);
            let packed = passes::pack(way, shape, weight);
            let ones = vec![1 as T; shape.outputs];
            read_optional(bias, |bias| {
                let finish = Finish { affine: bias.map(|bias| (&ones[..], bias)), ..Finish::PLAIN };
                result(shape, passes::forward(Level::detect(), (way, shape), x, &packed, finish, None))
            })
        })
    }))
}

/// The result of a convolution, with the mean and the biased variance of each of its channels, `[Co]` in f64.
pub(in crate::ops) fn with_moments(
    shape: &Conv2dShape,
    x: &Tensor,
    weight: &Tensor,
) -> Result<(Tensor, Statistics)> {
    let _operator = tracing::trace_span!("convolution, forward").entered();
    with_real!(x.dtype(), NAME, T => read(NAME, &channels_last(x)?, |x: &[T]| {
        read(NAME, weight, |weight: &[T]| {
            let way = Way::of(shape);
            let packed = passes::pack(way, shape, weight);
            let mut moments = passes::moments(way, shape, &packed);
            let y = passes::forward(Level::detect(), (way, shape), x, &packed, Finish::PLAIN, Some(&mut moments));
            let (mean, var) = moments.joined(shape.outputs).into_iter().unzip::<f64, f64, Vec<_>, Vec<_>>();
            let tensor = |values: Vec<f64>| Tensor::from_vec(values, shape.outputs, &Device::Cpu);
            Ok((result(shape, y)?, Statistics { mean: tensor(mean)?, var: tensor(var)? }))
        })
    }))
}

/// The result of a convolution with a scale and a shift of each channel, a residual and an activation.
pub(in crate::ops) fn folded(
    shape: &Conv2dShape,
    x: &Tensor,
    weights: &FoldedWeights,
    residual: Option<&Tensor>,
    activation: Activation,
) -> Result<Tensor> {
    let _operator = tracing::trace_span!("convolution with folded norm").entered();
    let residual = residual.map(channels_last).transpose()?;
    with_real!(x.dtype(), NAME, T => read(NAME, &channels_last(x)?, |x: &[T]| {
        read(NAME, &weights.weight, |weight: &[T]| {
            let way = Way::of(shape);
            let packed = weights.form(way.name(), || Ok(passes::pack(way, shape, weight)))?;
            let ChannelAffine { scale, shift } = &weights.affine;
            read(NAME, scale, |scale: &[T]| read(NAME, shift, |shift: &[T]| {
                read_optional(residual.as_ref(), |added| {
                    let relu = activation == Activation::Relu;
                    let finish = Finish { affine: Some((scale, shift)), added, relu };
                    result(shape, passes::forward(Level::detect(), (way, shape), x, &packed, finish, None))
                })
            }))
        })
    }))
}

/// The gradient of the input, plus `added`.
pub(in crate::ops) fn input_gradient(
    shape: &Conv2dShape,
    dy: &Tensor,
    weight: &Tensor,
    added: Option<&Tensor>,
) -> Result<Tensor> {
    let _operator = tracing::trace_span!("convolution, gradient of the input").entered();
    let added = added.map(channels_last).transpose()?;
    let [h, w] = shape.size;
    with_real!(dy.dtype(), NAME, T => read(NAME, &channels_last(dy)?, |dy: &[T]| {
        read(NAME, weight, |weight: &[T]| read_optional(added.as_ref(), |added| {
            let dx = passes::input_gradient(Level::detect(), shape, weight, dy, added);
            as_map(&Tensor::from_vec(dx, (shape.images, h, w, shape.inputs), &Device::Cpu)?)
        }))
    }))
}

/// The gradient of the weight.
pub(in crate::ops) fn weight_gradient(
    shape: &Conv2dShape,
    x: &Tensor,
    dy: &Tensor,
    _: DType,
) -> Result<Tensor> {
    let _operator = tracing::trace_span!("convolution, gradient of the weight").entered();
    let ([kh, kw], size) = (shape.kernel, (shape.outputs, shape.inputs));
    with_real!(dy.dtype(), NAME, T => read(NAME, &channels_last(x)?, |x: &[T]| {
        read(NAME, &channels_last(dy)?, |dy: &[T]| {
            let gradient = passes::weight_gradient(Level::detect(), shape, x, dy);
            Tensor::from_vec(gradient, (size.0, size.1, kh, kw), &Device::Cpu)
        })
    }))
}

/// The gradient of the bias.
pub(in crate::ops) fn bias_gradient(dy: &Tensor) -> Result<Tensor> {
    let channels = dy.dim(1)?;
    with_real!(dy.dtype(), NAME, T => read(NAME, &channels_last(dy)?, |dy: &[T]| {
        let mut sums = vec![0f64; channels];
        for pixel in dy.chunks_exact(channels.max(1)) {
            for (sum, &value) in sums.iter_mut().zip(pixel) {
                *sum += value.to_f64();
            }
        }
        Tensor::from_vec(sums.into_iter().map(T::from_f64).collect::<Vec<T>>(), channels, &Device::Cpu)
    }))
}

/// Runs `read` on the elements of a tensor, where there is one.
fn read_optional<T: WithDType, R>(
    tensor: Option<&Tensor>,
    then: impl FnOnce(Option<&[T]>) -> Result<R>,
) -> Result<R> {
    match tensor {
        Some(tensor) => read(NAME, tensor, |values: &[T]| then(Some(values))),
        None => then(None),
    }
}

/// A result as a map.
fn result<T: WithDType>(shape: &Conv2dShape, y: Vec<T>) -> Result<Tensor> {
    let [h, w] = shape.out;
    as_map(&Tensor::from_vec(y, (shape.images, h, w, shape.outputs), &Device::Cpu)?)
}
