//! Sums over pixels: the gradient of a convolution's bias, the mean of each map.

use super::kernel::{SUMS, launch, over_channels, over_parts, over_pixels, over_runs, typed};
use super::view::{Element, Operand, aligned, map, tensor, with_element};
use crate::ops::layout::channels_last;
use candle_core::{Result, Tensor};

/// Sum of each channel of `dy` `[N, C, H, W]`: `[C]`, in the arithmetic type.
pub(super) fn channel_sums(name: &str, dy: &Tensor) -> Result<Tensor> {
    let (n, c, h, w) = dy.dims4()?;
    let dy = aligned(channels_last(dy)?)?;
    let dtype = dy.dtype();
    let dy = Operand::new(name, &dy)?;
    let device = dy.device()?;
    let first = typed(&device, SUMS, "channel_parts", dtype)?;
    let second = typed(&device, SUMS, "channel_sums", dtype)?;
    let (config, splits) = over_runs(n * h * w, c, dtype);
    let (pixels, channels, parts_each) = ((n * h * w) as u64, c as u32, splits as u32);
    with_element!(dtype, name, T => {
        let dy = dy.view::<T>()?;
        // SAFETY: the first kernel writes every part, the second every sum, before they are read.
        let (mut parts, mut sums) = unsafe {
            (device.alloc::<f64>(splits * c)?, device.alloc::<<T as Element>::Arithmetic>(c)?)
        };
        // SAFETY: `dy` holds pixels x channels elements of the kernel's type, `parts` splits x channels.
        unsafe { launch!(device, &first, config; &pixels, &channels, &parts_each, &dy, &mut parts)? };
        // SAFETY: `parts` holds splits x channels values, `sums` one for each channel.
        unsafe { launch!(device, &second, over_parts(c); &channels, &parts_each, &parts, &mut sums)? };
        Ok(tensor(sums, c, &device))
    })
}

/// Mean of each plane of `x` `[N, C, H, W]`: `[N, C, 1, 1]`.
pub(super) fn plane_means(name: &str, x: &Tensor) -> Result<Tensor> {
    let (n, c, h, w) = x.dims4()?;
    let x = channels_last(x)?;
    let dtype = x.dtype();
    let x = Operand::new(name, &x)?;
    let device = x.device()?;
    let function = typed(&device, SUMS, "plane_means", dtype)?;
    with_element!(dtype, name, T => {
        let x = x.view::<T>()?;
        // SAFETY: the kernel writes every mean before anything reads it.
        let mut means = unsafe { device.alloc::<T>(n * c)? };
        let (config, channels, plane) = (over_channels(n, c), c as u32, (h * w) as u32);
        // SAFETY: `x` holds a multiple of plane x channels elements of the kernel's type for each of the launch's
        // pictures, `means` one for each channel of each.
        unsafe { launch!(device, &function, config; &channels, &plane, &x, &mut means)? };
        map(means, [n, c, 1, 1], &device)
    })
}

/// The gradient of [`plane_means`] for maps of `h` x `w`, given that of the means.
pub(super) fn plane_means_backward(name: &str, dy: &Tensor, [h, w]: [usize; 2]) -> Result<Tensor> {
    let (n, c, _, _) = dy.dims4()?;
    let dy = channels_last(dy)?;
    let dtype = dy.dtype();
    let dy = Operand::new(name, &dy)?;
    let device = dy.device()?;
    let function = typed(&device, SUMS, "plane_means_backward", dtype)?;
    let config = over_pixels(n * h * w, c, dtype);
    with_element!(dtype, name, T => {
        let dy = dy.view::<T>()?;
        // SAFETY: the kernel writes every element before anything reads it.
        let mut dx = unsafe { device.alloc::<T>(n * c * h * w)? };
        let [images, channels, plane] = [n, c, h * w].map(|v| v as u32);
        // SAFETY: `dy` holds images x channels elements, `dx` `plane` times as many, of the kernel's type.
        unsafe { launch!(device, &function, config; &images, &channels, &plane, &dy, &mut dx)? };
        map(dx, [n, c, h, w], &device)
    })
}
