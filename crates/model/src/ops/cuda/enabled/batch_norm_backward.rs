//! The backward pass of batch normalisation.

use super::kernel::{BATCH_NORM, launch, over, over_channels, over_pieces, typed};
use super::view::{Element, Part, dtype, read, tensor, view, with_element};
use crate::ops::Across;
use candle_core::backend::BackendStorage;
use candle_core::cuda_backend::cudarc::driver::{CudaSlice, CudaView, DevicePtr};
use candle_core::cuda_backend::{CudaDevice, WrapErr};
use candle_core::{Result, Tensor, WithDType};

/// The inputs of a backward pass.
pub(in crate::ops) struct Backward<'a> {
    pub(in crate::ops) x: Part<'a>,
    pub(in crate::ops) gamma: Part<'a>,
    pub(in crate::ops) y: Part<'a>,
    pub(in crate::ops) dy: Part<'a>,
    /// Mean and variance that the forward pass used, `[C]` in f64.
    pub(in crate::ops) statistics: [&'a Tensor; 2],
    /// The scale and shift `[2, C]` that it used.
    pub(in crate::ops) folded: &'a Tensor,
    pub(in crate::ops) eps: f64,
    /// Whether the statistics are constants.
    pub(in crate::ops) constant: bool,
    /// The processes that they are the batch's statistics of, where that is not this one alone.
    pub(in crate::ops) across: Option<&'a Across>,
    pub(in crate::ops) mask: Mask,
}

/// How the rectifier masks the gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ops) enum Mask {
    /// There is no rectifier.
    None,
    /// Its argument is computed again.
    Input,
    /// There is a residual: the result says where it was positive, and what is left is kept as the residual's gradient.
    Result,
}

impl Mask {
    fn name(self) -> &'static str {
        match self {
            Mask::None => "plain",
            Mask::Input => "rectified",
            Mask::Result => "residual",
        }
    }
}

/// The gradients of `x`, of gamma and beta `[2, C]`, and the masked one where [`Mask::Result`] keeps it.
pub(in crate::ops) fn backward(name: &str, b: &Backward<'_>) -> Result<(Tensor, Tensor, Option<Tensor>)> {
    let shape = b.x.1.shape().clone();
    let (n, c, h, w) = shape.dims4()?;
    let device = b.x.0.device().clone();
    // With the masked gradient at hand, the second pass needs no mask.
    let second = if b.mask == Mask::Result { Mask::None } else { b.mask };
    let function = typed(&device, BATCH_NORM, &format!("gradient_{}", second.name()), dtype(b.x.0))?;
    with_element!(dtype(b.x.0), name, T => read::<<T as Element>::Arithmetic, _>(name, b.folded, |folded| {
        let (x, dy) = (view::<T>(name, b.x)?, view::<T>(name, b.dy)?);
        let sums = sums::<T>(name, &device, b, [n, c, h * w], &folded)?;
        let (daffine, factors) = coefficients::<T>(name, &device, b, [n, c, h * w], &sums)?;
        // SAFETY: the kernel writes every element before anything reads it.
        let mut dx = unsafe { device.alloc::<T>(shape.elem_count())? };
        let d = sums.masked.as_ref().map_or_else(|| dy.slice(..), |masked| masked.as_view());
        let (planes, channels, plane) = ((n * c) as u64, c as u32, (h * w) as u32);
        let (config, scale, shift) = (over_pieces(n * c, h * w), folded.slice(..c), folded.slice(c..));
        // SAFETY: `x`, `d` and `dx` hold planes x plane elements of the kernel's type, the factors four for each channel,
        // scale and shift one.
        unsafe {
            launch!(device, &function, config;
                &planes, &channels, &plane, &x, &d, &factors, &scale, &shift, &mut dx)?;
        }
        let masked = sums.masked.map(|masked| tensor(masked, shape.clone(), &device));
        Ok((tensor(dx, shape.clone(), &device), tensor(daffine, (2, c), &device), masked))
    }))
}

/// Sums by parts of each channel, and the masked gradient where it is kept.
struct Sums<T> {
    parts: CudaSlice<f64>,
    splits: usize,
    masked: Option<CudaSlice<T>>,
}

fn sums<T: Element>(
    name: &str,
    device: &CudaDevice,
    b: &Backward<'_>,
    [n, c, hw]: [usize; 3],
    folded: &CudaView<'_, T::Arithmetic>,
) -> Result<Sums<T>> {
    let function = typed(device, BATCH_NORM, &format!("gradient_sums_{}", b.mask.name()), T::DTYPE)?;
    let (config, splits) = over_channels(n, c, hw);
    let (x, dy) = (view::<T>(name, b.x)?, view::<T>(name, b.dy)?);
    let y = if b.mask == Mask::Result { Some(view::<T>(name, b.y)?) } else { None };
    // SAFETY: the kernel writes all parts before anything reads them.
    let mut parts = unsafe { device.alloc::<f64>(2 * splits * c)? };
    let mut masked = match y {
        // SAFETY: the kernel writes every element before anything reads it.
        Some(_) => Some(unsafe { device.alloc::<T>(n * c * hw)? }),
        None => None,
    };
    let stream = device.cuda_stream();
    // Kernels that need neither are given no address of it.
    let result = y.as_ref().map_or(0, |y| y.device_ptr(&stream).0);
    let kept = masked.as_mut().map_or(0, |m| m.device_ptr(&stream).0);
    let [images, channels, plane, blocks] = [n, c, hw, splits].map(|v| v as u32);
    let (scale, shift) = (folded.slice(..c), folded.slice(c..));
    read::<f64, _>(name, b.statistics[0], |mean| {
        // SAFETY: all maps hold images x channels x plane elements of the kernel's type, `parts` two sums for each part,
        // the others one value for each channel.
        unsafe {
            launch!(device, &function, config; &images, &channels, &plane, &blocks, &x, &result, &dy, &mean,
                &scale, &shift, &kept, &mut parts)
        }
    })?;
    Ok(Sums { parts, splits, masked })
}

/// The gradients of gamma and beta `[2, C]`, and what `dx` is made with `[4, C]`.
fn coefficients<T: Element>(
    name: &str,
    device: &CudaDevice,
    b: &Backward<'_>,
    [n, c, hw]: [usize; 3],
    sums: &Sums<T>,
) -> Result<Coefficients<T>> {
    let own = Parts { sums: sums.parts.as_view(), splits: sums.splits, count: n * hw };
    let (daffine, factors) = of_parts::<T>(name, device, b, c, &own)?;
    let Some(across) = b.across else { return Ok((daffine, factors)) };
    // gamma and beta have their part of a sum; `dx` is made of what all processes have.
    let parts = tensor(sums.parts.try_clone().w()?, (sums.splits, 2, c), device);
    let all = across.group.sum(&parts.sum(0)?)?.contiguous()?;
    read::<f64, _>(name, &all, |all| {
        let all = Parts { sums: all, splits: 1, count: across.pictures * hw };
        Ok((daffine, of_parts::<T>(name, device, b, c, &all)?.1))
    })
}

type Coefficients<T> = (CudaSlice<<T as Element>::Arithmetic>, CudaSlice<<T as Element>::Arithmetic>);

/// Sums over the `count` values of each channel, in parts.
struct Parts<'a> {
    sums: CudaView<'a, f64>,
    splits: usize,
    count: usize,
}

fn of_parts<T: Element>(
    name: &str,
    device: &CudaDevice,
    b: &Backward<'_>,
    c: usize,
    parts: &Parts<'_>,
) -> Result<Coefficients<T>> {
    let function = typed(device, BATCH_NORM, "coefficients", T::Arithmetic::DTYPE)?;
    let gamma = view::<T::Arithmetic>(name, b.gamma)?;
    // SAFETY: the kernel writes all of both before anything reads them.
    let (mut daffine, mut factors) =
        unsafe { (device.alloc::<T::Arithmetic>(2 * c)?, device.alloc::<T::Arithmetic>(4 * c)?) };
    let (channels, splits, count, given) =
        (c as u32, parts.splits as u32, parts.count as f64, i32::from(b.constant));
    read::<f64, _>(name, b.statistics[0], |mean| {
        read::<f64, _>(name, b.statistics[1], |var| {
            // SAFETY: `parts` holds two sums for each part, the results two and four values for each channel, the others
            // one.
            unsafe {
                launch!(device, &function, over(c); &channels, &splits, &count, &given, &parts.sums, &mean, &var,
                    &gamma, &b.eps, &mut daffine, &mut factors)
            }
        })
    })?;
    Ok((daffine, factors))
}
