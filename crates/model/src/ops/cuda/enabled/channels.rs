//! Functions of the channels of one pixel.

use super::kernel::{BACKGROUND, launch, over, typed};
use super::view::{Part, dtype, view, with_element};
use candle_core::backend::BackendStorage;
use candle_core::cuda_backend::CudaStorage;
use candle_core::{Result, Shape};

/// The function `name` of the channels of every pixel of `v` `[N, K, H, W]`: `[N, 1, H, W]`.
pub(in crate::ops) fn forward(name: &str, v: Part<'_>) -> Result<(CudaStorage, Shape)> {
    let (n, k, h, w) = v.1.shape().dims4()?;
    let device = v.0.device().clone();
    let function = typed(&device, BACKGROUND, &format!("{name}_forward"), dtype(v.0))?;
    let pixels = n * h * w;
    let (images, channels, plane) = (n as u64, k as u32, (h * w) as u32);
    let y = with_element!(dtype(v.0), name, T => {
        let v = view::<T>(name, v)?;
        // SAFETY: the kernel writes every element of `y` before anything reads it.
        let mut y = unsafe { device.alloc::<T>(pixels)? };
        // SAFETY: `v` holds images x channels x plane elements of the kernel's type, `y` images x plane.
        unsafe { launch!(device, &function, over(pixels); &images, &channels, &plane, &v, &mut y)? };
        CudaStorage::wrap_cuda_slice(y, device)
    });
    Ok((y, (n, 1, h, w).into()))
}

/// The gradient of the function `name` with respect to `v`, given that of its result.
pub(in crate::ops) fn backward(name: &str, v: Part<'_>, dy: Part<'_>) -> Result<(CudaStorage, Shape)> {
    let shape = v.1.shape().clone();
    let (n, k, h, w) = shape.dims4()?;
    let device = v.0.device().clone();
    let function = typed(&device, BACKGROUND, &format!("{name}_backward"), dtype(v.0))?;
    let (images, channels, plane) = (n as u64, k as u32, (h * w) as u32);
    let dv = with_element!(dtype(v.0), name, T => {
        let (v, dy) = (view::<T>(name, v)?, view::<T>(name, dy)?);
        // SAFETY: the kernel writes every element of `dv` before anything reads it.
        let mut dv = unsafe { device.alloc::<T>(shape.elem_count())? };
        let config = over(n * h * w);
        // SAFETY: `v` and `dv` hold images x channels x plane elements of the kernel's type, `dy` images x plane.
        unsafe { launch!(device, &function, config; &images, &channels, &plane, &v, &dy, &mut dv)? };
        CudaStorage::wrap_cuda_slice(dv, device)
    });
    Ok((dv, shape))
}
