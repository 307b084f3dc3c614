//! Sums over pixels: the gradient of a convolution's bias, the mean of each map.

use super::kernel::{SUMS, launch, over, over_channels, over_pieces, typed};
use super::view::{Element, Part, dtype, view, with_element};
use candle_core::backend::BackendStorage;
use candle_core::cuda_backend::CudaStorage;
use candle_core::{Result, Shape};

/// Sum of each channel of `dy` `[N, C, H, W]`: `[C]`, in the arithmetic type.
pub(in crate::ops) fn channel_sums(name: &str, dy: Part<'_>) -> Result<(CudaStorage, Shape)> {
    let (n, c, h, w) = dy.1.shape().dims4()?;
    let device = dy.0.device().clone();
    let first = typed(&device, SUMS, "channel_parts", dtype(dy.0))?;
    let second = typed(&device, SUMS, "channel_sums", dtype(dy.0))?;
    let (config, splits) = over_channels(n, c, h * w);
    let sizes = [n, c, h * w, splits].map(|v| v as u32);
    let sums = with_element!(dtype(dy.0), name, T => {
        let dy = view::<T>(name, dy)?;
        // SAFETY: the first kernel writes every part, the second every sum, before they are read.
        let (mut parts, mut sums) = unsafe {
            (device.alloc::<f64>(splits * c)?, device.alloc::<<T as Element>::Arithmetic>(c)?)
        };
        let [images, channels, plane, splits] = sizes;
        // SAFETY: `dy` holds images x channels x plane elements of the kernel's type, `parts` splits x channels.
        unsafe { launch!(device, &first, config; &images, &channels, &plane, &splits, &dy, &mut parts)? };
        // SAFETY: as above; one sum for each channel.
        unsafe { launch!(device, &second, over(c); &channels, &splits, &parts, &mut sums)? };
        CudaStorage::wrap_cuda_slice(sums, device)
    });
    Ok((sums, c.into()))
}

/// Mean of each plane of `x` `[N, C, H, W]`: `[N, C, 1, 1]`.
pub(in crate::ops) fn plane_means(name: &str, x: Part<'_>) -> Result<(CudaStorage, Shape)> {
    let (n, c, h, w) = x.1.shape().dims4()?;
    let device = x.0.device().clone();
    let function = typed(&device, SUMS, "plane_means", dtype(x.0))?;
    let means = with_element!(dtype(x.0), name, T => {
        let x = view::<T>(name, x)?;
        // SAFETY: the kernel writes every mean before anything reads it.
        let mut means = unsafe { device.alloc::<T>(n * c)? };
        let (planes, plane) = ((n * c) as u64, (h * w) as u32);
        // SAFETY: `x` holds planes x plane elements of the kernel's type, `means` one for each plane.
        unsafe { launch!(device, &function, over_pieces(n * c, 1); &planes, &plane, &x, &mut means)? };
        CudaStorage::wrap_cuda_slice(means, device)
    });
    Ok((means, (n, c, 1, 1).into()))
}

/// The gradient of [`plane_means`] for maps of `h` x `w`, given that of the means.
pub(in crate::ops) fn plane_means_backward(
    name: &str,
    dy: Part<'_>,
    [h, w]: [usize; 2],
) -> Result<(CudaStorage, Shape)> {
    let (n, c, _, _) = dy.1.shape().dims4()?;
    let device = dy.0.device().clone();
    let function = typed(&device, SUMS, "plane_means_backward", dtype(dy.0))?;
    let dx = with_element!(dtype(dy.0), name, T => {
        let dy = view::<T>(name, dy)?;
        // SAFETY: the kernel writes every element before anything reads it.
        let mut dx = unsafe { device.alloc::<T>(n * c * h * w)? };
        let (planes, plane) = ((n * c) as u64, (h * w) as u32);
        // SAFETY: `dy` holds a value for each plane, `dx` planes x plane, of the kernel's type.
        unsafe { launch!(device, &function, over_pieces(n * c, h * w); &planes, &plane, &dy, &mut dx)? };
        CudaStorage::wrap_cuda_slice(dx, device)
    });
    Ok((dx, (n, c, h, w).into()))
}
