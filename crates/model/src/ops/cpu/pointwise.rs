//! Functions of single elements on the CPU.

use super::memory::filled;
use super::real::{read, with_real};
use super::{log_sigmoid, relu};
use crate::ops::pointwise_function::PointwiseFunction;
use candle_core::{Device, Result, Tensor};
use std::mem::MaybeUninit;

/// Elements handled by one task.
const CHUNK: usize = 1 << 14;

/// The function on a run of elements.
type Values<T> = for<'a> fn(&[T], &'a mut [MaybeUninit<T>]) -> &'a mut [T];
/// The gradient of a run of elements, given that of their values.
type Slopes<T> = for<'a> fn(&[T], &[T], &'a mut [MaybeUninit<T>]) -> &'a mut [T];

/// The function of every element of a contiguous tensor.
pub(in crate::ops) fn forward(function: PointwiseFunction, x: &Tensor) -> Result<Tensor> {
    let _operator = tracing::trace_span!("functions of elements, forward").entered();
    with_real!(x.dtype(), name(function), T => read(name(function), x, |xs: &[T]| {
        let values: Values<T> = match function {
            PointwiseFunction::Relu => relu::values,
            PointwiseFunction::LogSigmoid => log_sigmoid::values,
        };
        let y = filled(xs.len(), CHUNK, nanoseconds(function, xs.len()), |i, y| {
            values(&xs[i * CHUNK..][..y.len()], y)
        });
        Tensor::from_vec(y, x.shape(), &Device::Cpu)
    }))
}

/// The gradient of a contiguous tensor, given that of the function's values.
pub(in crate::ops) fn backward(function: PointwiseFunction, x: &Tensor, dy: &Tensor) -> Result<Tensor> {
    let _operator = tracing::trace_span!("functions of elements, backward").entered();
    with_real!(x.dtype(), name(function), T => {
        read(name(function), x, |xs: &[T]| read(name(function), dy, |dys: &[T]| {
            let slopes: Slopes<T> = match function {
                PointwiseFunction::Relu => relu::slopes,
                PointwiseFunction::LogSigmoid => log_sigmoid::slopes,
            };
            let dx = filled(xs.len(), CHUNK, nanoseconds(function, xs.len()), |i, dx| {
                let (at, len) = (i * CHUNK, dx.len());
                slopes(&xs[at..][..len], &dys[at..][..len], dx)
            });
            Tensor::from_vec(dx, x.shape(), &Device::Cpu)
        }))
    })
}

fn name(function: PointwiseFunction) -> &'static str {
    match function {
        PointwiseFunction::Relu => "relu",
        PointwiseFunction::LogSigmoid => "log_sigmoid",
    }
}

/// Rough work of `len` elements.
fn nanoseconds(function: PointwiseFunction, len: usize) -> usize {
    match function {
        PointwiseFunction::Relu => len / 2,
        PointwiseFunction::LogSigmoid => len * 2,
    }
}
