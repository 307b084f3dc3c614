//! Functions of single elements.

use super::kernel::{POINTWISE, launch, over_all, typed};
use super::view::{Operand, tensor, with_element};
use crate::ops::pointwise_function::PointwiseFunction;
use candle_core::{Result, Tensor};

/// The function of every element of a contiguous tensor.
pub(in crate::ops) fn forward(function: PointwiseFunction, x: &Tensor) -> Result<Tensor> {
    let name = name(function);
    let (shape, dtype) = (x.shape(), x.dtype());
    let x = Operand::new(name, x)?;
    let device = x.device()?;
    let function = typed(&device, POINTWISE, &format!("{name}_forward"), dtype)?;
    let count = shape.elem_count();
    with_element!(dtype, name, T => {
        let x = x.view::<T>()?;
        // SAFETY: the kernel writes every element before anything reads it.
        let mut y = unsafe { device.alloc::<T>(count)? };
        // SAFETY: both hold `count` elements of the type that the kernel was chosen for.
        unsafe { launch!(device, &function, over_all(count, dtype); &(count as u64), &x, &mut y)? };
        Ok(tensor(y, shape, &device))
    })
}

/// The gradient of `x`, given that of the function's values in the same order.
pub(in crate::ops) fn backward(function: PointwiseFunction, x: &Tensor, dy: &Tensor) -> Result<Tensor> {
    let name = name(function);
    let (shape, dtype) = (x.shape(), x.dtype());
    let (x, dy) = (Operand::new(name, x)?, Operand::new(name, dy)?);
    let device = x.device()?;
    let function = typed(&device, POINTWISE, &format!("{name}_backward"), dtype)?;
    let count = shape.elem_count();
    with_element!(dtype, name, T => {
        let (x, dy) = (x.view::<T>()?, dy.view::<T>()?);
        // SAFETY: the kernel writes every element before anything reads it.
        let mut dx = unsafe { device.alloc::<T>(count)? };
        // SAFETY: all three hold `count` elements of the type that the kernel was chosen for.
        unsafe { launch!(device, &function, over_all(count, dtype); &(count as u64), &x, &dy, &mut dx)? };
        Ok(tensor(dx, shape, &device))
    })
}

/// The sum of two contiguous tensors of one shape and type.
pub(in crate::ops) fn sum(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    const NAME: &str = "sum";
    let (shape, dtype) = (a.shape(), a.dtype());
    let (a, b) = (Operand::new(NAME, a)?, Operand::new(NAME, b)?);
    let device = a.device()?;
    let function = typed(&device, POINTWISE, NAME, dtype)?;
    let count = shape.elem_count();
    with_element!(dtype, NAME, T => {
        let (a, b) = (a.view::<T>()?, b.view::<T>()?);
        // SAFETY: the kernel writes every element before anything reads it.
        let mut y = unsafe { device.alloc::<T>(count)? };
        // SAFETY: all three hold `count` elements of the type that the kernel was chosen for.
        unsafe { launch!(device, &function, over_all(count, dtype); &(count as u64), &a, &b, &mut y)? };
        Ok(tensor(y, shape, &device))
    })
}

/// The first part of the kernels' names.
fn name(function: PointwiseFunction) -> &'static str {
    match function {
        PointwiseFunction::Relu => "relu",
        PointwiseFunction::LogSigmoid => "log_sigmoid",
    }
}
