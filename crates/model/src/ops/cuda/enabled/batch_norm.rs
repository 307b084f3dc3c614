//! Batch normalisation fused with the residual sum and the rectifier.

use super::kernel::{BATCH_NORM, launch, over, over_channels, over_pieces, typed};
use super::view::{Element, arithmetic, dtype, read, tensor, view, with_element};
pub(in crate::ops) use super::view::{Part, part};
use candle_core::backend::BackendStorage;
use candle_core::cuda_backend::cudarc::driver::{CudaSlice, CudaView, DevicePtr};
use candle_core::cuda_backend::{CudaDevice, CudaStorage};
use candle_core::{Result, Tensor, Var, WithDType};

/// The inputs of a forward pass.
pub(in crate::ops) struct Forward<'a> {
    pub(in crate::ops) x: Part<'a>,
    pub(in crate::ops) affine: Affine<'a>,
    pub(in crate::ops) residual: Option<Part<'a>>,
    /// Mean and variance `[C]` in f64, when those of the batch are not to be used.
    pub(in crate::ops) given: Option<(&'a Tensor, &'a Tensor)>,
    pub(in crate::ops) eps: f64,
    pub(in crate::ops) relu: bool,
}

/// gamma and beta.
#[derive(Clone, Copy)]
pub(in crate::ops) enum Affine<'a> {
    /// Two tensors `[C]`.
    Apart(Part<'a>, Part<'a>),
    /// One tensor `[2, C]`.
    Packed(Part<'a>),
}

/// What a backward pass needs of the forward pass.
#[derive(Clone, Debug)]
pub(in crate::ops) struct Kept {
    /// Mean and biased variance `[C]` that were used, in f64.
    pub(in crate::ops) mean: Tensor,
    pub(in crate::ops) var: Tensor,
    /// The scale and shift `[2, C]` that they made, in the parameters' type.
    pub(in crate::ops) folded: Tensor,
}

/// `y`, and what the backward pass needs.
pub(in crate::ops) fn forward(name: &str, f: &Forward<'_>) -> Result<(CudaStorage, Kept)> {
    let (n, c, h, w) = f.x.1.shape().dims4()?;
    let device = f.x.0.device().clone();
    let function = typed(&device, BATCH_NORM, "normalise", dtype(f.x.0))?;
    with_element!(dtype(f.x.0), name, T => {
        type P = <T as Element>::Arithmetic;
        let x = view::<T>(name, f.x)?;
        let residual = f.residual.map(|r| view::<T>(name, r)).transpose()?;
        let (gamma, beta) = f.affine.views::<P>(name)?;
        // SAFETY: the kernels of `statistics` or `fold` write both halves.
        let mut folded = unsafe { device.alloc::<P>(2 * c)? };
        let (mean, var) = match f.given {
            Some((mean, var)) => {
                fold(name, &device, [&gamma, &beta], [mean, var], f.eps, &mut folded)?;
                (mean.clone(), var.clone())
            }
            None => statistics::<T>(&device, [n, c, h * w], &x, [&gamma, &beta], f.eps, &mut folded)?,
        };
        // SAFETY: the kernel writes every element before anything reads it.
        let mut y = unsafe { device.alloc::<T>(n * c * h * w)? };
        let stream = device.cuda_stream();
        let added = residual.as_ref().map_or(0, |r| r.device_ptr(&stream).0);
        let (planes, channels, plane) = ((n * c) as u64, c as u32, (h * w) as u32);
        let (config, relu) = (over_pieces(n * c, h * w), i32::from(f.relu));
        let (scale, shift) = (folded.slice(0..c), folded.slice(c..2 * c));
        // SAFETY: `x`, `y` and the residual hold planes x plane elements of the kernel's type, scale and shift one for
        // each channel; without a residual its address is null.
        unsafe {
            launch!(device, &function, config;
                &planes, &channels, &plane, &x, &scale, &shift, &added, &relu, &mut y)?;
        }
        let kept = Kept { mean, var, folded: tensor(folded, (2, c), &device) };
        Ok((CudaStorage::wrap_cuda_slice(y, device), kept))
    })
}

impl<'a> Affine<'a> {
    fn views<P: Element>(self, name: &str) -> Result<(CudaView<'a, P>, CudaView<'a, P>)> {
        match self {
            Affine::Apart(gamma, beta) => Ok((view(name, gamma)?, view(name, beta)?)),
            Affine::Packed((storage, layout)) => {
                let channels = layout.shape().elem_count() / 2;
                let start = layout.start_offset();
                let all = storage.as_cuda_slice::<P>()?;
                Ok((all.slice(start..start + channels), all.slice(start + channels..start + 2 * channels)))
            }
        }
    }
}

/// Mean and biased variance `[C]` in f64 of the pictures of `x`, whose layer has these gamma and beta.
pub(in crate::ops) fn moments(
    name: &str,
    x: &Tensor,
    affine: [&Tensor; 2],
    eps: f64,
) -> Result<(Tensor, Tensor)> {
    let (n, c, h, w) = x.dims4()?;
    let guards = [x, affine[0], affine[1]].map(|t| t.storage_and_layout());
    let [x, gamma, beta] = [0, 1, 2].map(|i| part(name, &guards[i].0, guards[i].1));
    let (x, gamma, beta) = (x?, gamma?, beta?);
    let device = x.0.device().clone();
    with_element!(dtype(x.0), name, T => {
        type P = <T as Element>::Arithmetic;
        // SAFETY: nothing reads it; the kernel makes it beside the statistics.
        let mut folded = unsafe { device.alloc::<P>(2 * c)? };
        let affine = [&view::<P>(name, gamma)?, &view::<P>(name, beta)?];
        statistics::<T>(&device, [n, c, h * w], &view::<T>(name, x)?, affine, eps, &mut folded)
    })
}

/// Mean and variance of the batch; writes the scale and shift that they make.
fn statistics<T: Element>(
    device: &CudaDevice,
    [n, c, hw]: [usize; 3],
    x: &CudaView<'_, T>,
    [gamma, beta]: [&CudaView<'_, T::Arithmetic>; 2],
    eps: f64,
    folded: &mut CudaSlice<T::Arithmetic>,
) -> Result<(Tensor, Tensor)> {
    let first = typed(device, BATCH_NORM, "moments", T::DTYPE)?;
    let second = typed(device, BATCH_NORM, "statistics", T::Arithmetic::DTYPE)?;
    let (config, splits) = over_channels(n, c, hw);
    // SAFETY: the first kernel writes all parts, the second all means and variances, before they are read.
    let (mut parts, mut mean, mut var) = unsafe {
        (device.alloc::<f64>((2 * splits + 1) * c)?, device.alloc::<f64>(c)?, device.alloc::<f64>(c)?)
    };
    let [images, channels, plane, splits] = [n, c, hw, splits].map(|v| v as u32);
    // SAFETY: `x` holds images x channels x plane elements, `parts` two sums for each part and a pivot for each channel.
    unsafe { launch!(device, &first, config; &images, &channels, &plane, &splits, x, &mut parts)? };
    let (mut scale, mut shift) = folded.split_at_mut(c);
    // SAFETY: as above; the others hold one value for each channel.
    unsafe {
        launch!(device, &second, over(c); &channels, &splits, &((n * hw) as f64), &parts, gamma, beta, &eps,
            &mut mean, &mut var, &mut scale, &mut shift)?;
    }
    Ok((tensor(mean, c, device), tensor(var, c, device)))
}

/// The scale and shift that given statistics make.
fn fold<P: Element>(
    name: &str,
    device: &CudaDevice,
    [gamma, beta]: [&CudaView<'_, P>; 2],
    [mean, var]: [&Tensor; 2],
    eps: f64,
    folded: &mut CudaSlice<P>,
) -> Result<()> {
    let function = typed(device, BATCH_NORM, "fold", P::DTYPE)?;
    let channels = mean.elem_count();
    let (mut scale, mut shift) = folded.split_at_mut(channels);
    read::<f64, _>(name, mean, |mean| {
        read::<f64, _>(name, var, |var| {
            let config = over(channels);
            // SAFETY: all hold one value for each channel.
            unsafe {
                launch!(device, &function, config; &(channels as u32), gamma, beta, &mean, &var, &eps,
                    &mut scale, &mut shift)
            }
        })
    })
}

/// Scale and shift `[C]` of a layer with these parameters and running statistics, all `[C]` of one type.
pub(in crate::ops) fn folded(name: &str, layer: [&Tensor; 4], eps: f64) -> Result<(Tensor, Tensor)> {
    let guards = layer.map(|t| t.storage_and_layout());
    let parts: Vec<Part<'_>> =
        guards.iter().map(|(storage, layout)| part(name, storage, layout)).collect::<Result<_>>()?;
    let device = parts[0].0.device().clone();
    let function = typed(&device, BATCH_NORM, "fold_running", arithmetic(dtype(parts[0].0)))?;
    let channels = layer[0].elem_count();
    with_element!(dtype(parts[0].0), name, P => {
        let [gamma, beta, mean, var] = [0, 1, 2, 3].map(|i| view::<P>(name, parts[i]));
        let (gamma, beta, mean, var) = (gamma?, beta?, mean?, var?);
        // SAFETY: the kernel writes both before anything reads them.
        let (mut scale, mut shift) = unsafe { (device.alloc::<P>(channels)?, device.alloc::<P>(channels)?) };
        let config = over(channels);
        // SAFETY: all hold one value for each channel.
        unsafe {
            launch!(device, &function, config; &(channels as u32), &gamma, &beta, &mean, &var, &eps,
                &mut scale, &mut shift)?;
        }
        Ok((tensor(scale, channels, &device), tensor(shift, channels, &device)))
    })
}

/// Moves the running statistics of a layer, and counts the batch.
pub(in crate::ops) fn track(
    name: &str,
    [mean, var]: [&Tensor; 2],
    running: [&Var; 2],
    batches: &Var,
    momentum: f64,
    unbiased: f64,
) -> Result<()> {
    let guards = running.map(|v| v.storage_and_layout());
    let running_mean = part(name, &guards[0].0, guards[0].1)?;
    let running_var = part(name, &guards[1].0, guards[1].1)?;
    let device = running_mean.0.device().clone();
    let function = typed(&device, BATCH_NORM, "track", dtype(running_mean.0))?;
    let channels = mean.elem_count();
    with_element!(dtype(running_mean.0), name, P => {
        let (running_mean, running_var) = (view::<P>(name, running_mean)?, view::<P>(name, running_var)?);
        read::<f64, _>(name, mean, |mean| read::<f64, _>(name, var, |var| read::<i64, _>(name, batches, |batches| {
            // SAFETY: all hold one value for each channel, `batches` one. The kernel writes into the variables, as an
            // optimizer's step does, in the order of the stream; nobody else holds these three for writing.
            unsafe {
                launch!(device, &function, over(channels); &(channels as u32), &mean, &var, &momentum, &unbiased,
                    &running_mean, &running_var, &batches)
            }
        })))
    })
}
