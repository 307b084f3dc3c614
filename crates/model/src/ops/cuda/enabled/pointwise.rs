//! Functions of single elements.

use super::kernel::{POINTWISE, launch, over, typed};
use super::view::{Part, dtype, view, with_element};
use candle_core::backend::BackendStorage;
use candle_core::cuda_backend::CudaStorage;
use candle_core::{Result, Shape};

/// The function `name` of every element of `x`.
pub(in crate::ops) fn forward(name: &str, x: Part<'_>) -> Result<(CudaStorage, Shape)> {
    let (device, shape) = (x.0.device().clone(), x.1.shape().clone());
    let function = typed(&device, POINTWISE, &format!("{name}_forward"), dtype(x.0))?;
    let count = shape.elem_count();
    let y = with_element!(dtype(x.0), name, T => {
        let x = view::<T>(name, x)?;
        // SAFETY: the kernel writes every element of `y` before anything reads it.
        let mut y = unsafe { device.alloc::<T>(count)? };
        // SAFETY: both hold `count` elements of the type that the kernel was chosen for.
        unsafe { launch!(device, &function, over(count); &(count as u64), &x, &mut y)? };
        CudaStorage::wrap_cuda_slice(y, device)
    });
    Ok((y, shape))
}

/// The gradient of the function `name` with respect to `x`, given that of its result.
pub(in crate::ops) fn backward(name: &str, x: Part<'_>, dy: Part<'_>) -> Result<(CudaStorage, Shape)> {
    let (device, shape) = (x.0.device().clone(), x.1.shape().clone());
    let function = typed(&device, POINTWISE, &format!("{name}_backward"), dtype(x.0))?;
    let count = shape.elem_count();
    let dx = with_element!(dtype(x.0), name, T => {
        let (x, dy) = (view::<T>(name, x)?, view::<T>(name, dy)?);
        // SAFETY: the kernel writes every element of `dx` before anything reads it.
        let mut dx = unsafe { device.alloc::<T>(count)? };
        // SAFETY: all three hold `count` elements of the type that the kernel was chosen for.
        unsafe { launch!(device, &function, over(count); &(count as u64), &x, &dy, &mut dx)? };
        CudaStorage::wrap_cuda_slice(dx, device)
    });
    Ok((dx, shape))
}
