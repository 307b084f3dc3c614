//! Batch normalisation fused with the residual sum and the rectifier.

mod backward;
mod statistics;

pub(in crate::ops) use backward::backward;
pub(in crate::ops) use statistics::{apply, statistics};

use super::kernel::{BATCH_NORM, launch, over, over_elements, over_runs, typed};
use super::view::{Element, Operand, address_or_null, aligned, map, tensor, with_element};
use crate::ops::Activation;
use crate::ops::batch_norm::batch_stats::BatchStats;
use crate::ops::batch_norm::layer::Layer;
use crate::ops::batch_norm::moments::Parts;
use crate::ops::batch_norm::running::Running;
use crate::ops::batch_norm::statistics::Statistics;
use crate::ops::layout::channels_last;
use candle_core::{DType, Result, Tensor};

const NAME: &str = "batch_norm";

fn operand(tensor: &Tensor) -> Result<Operand<'_>> {
    Operand::new(NAME, tensor)
}

/// The statistics of the images of `x`, which has at least one value for each channel.
pub(in crate::ops) fn moments(x: &Tensor) -> Result<Statistics> {
    statistics(&parts(x)?)
}

/// The sums that the statistics of `x` are made of.
pub(in crate::ops) fn parts(x: &Tensor) -> Result<Parts> {
    let (n, c, h, w) = x.dims4()?;
    let x = aligned(channels_last(x)?)?;
    let dtype = x.dtype();
    let x = operand(&x)?;
    let device = x.device()?;
    let function = typed(&device, BATCH_NORM, "moments", dtype)?;
    let (count, (config, splits)) = (n * h * w, over_runs(n * h * w, c, dtype));
    // SAFETY: the kernel writes all parts before anything reads them.
    let mut sums = unsafe { device.alloc::<f64>((2 * splits + 1) * c)? };
    with_element!(dtype, NAME, T => {
        let x = x.view::<T>()?;
        // SAFETY: `x` holds count x channels elements, `sums` two sums for each part and a pivot for each channel.
        unsafe { launch!(device, &function, config; &(count as u64), &(c as u32), &(splits as u32), &x, &mut sums)? };
    });
    Ok(Parts { sums: tensor(sums, (2 * splits + 1, c), &device), count })
}

/// The scale and the shift `[C]` that statistics make, which are of f64 or of the parameters' type.
pub(in crate::ops) fn fold(layer: Layer<'_>, mean: &Tensor, var: &Tensor) -> Result<[Tensor; 2]> {
    let Layer { gamma, beta, eps } = layer;
    let (dtype, channels) = (gamma.dtype(), gamma.elem_count());
    let kernel = if mean.dtype() == DType::F64 { "fold" } else { "fold_running" };
    let [gamma, beta, mean, var] = [gamma, beta, mean, var].map(operand);
    let (gamma, beta, mean, var) = (gamma?, beta?, mean?, var?);
    let device = gamma.device()?;
    let function = typed(&device, BATCH_NORM, kernel, dtype)?;
    let config = over(channels);
    with_element!(dtype, NAME, P => {
        let (gamma, beta) = (gamma.view::<P>()?, beta.view::<P>()?);
        let [mean, var] = [mean, var].map(|t| if kernel == "fold" { t.address::<f64>() } else { t.address::<P>() });
        let (mean, var) = (mean?, var?);
        // SAFETY: the kernel writes both before anything reads them.
        let (mut scale, mut shift) = unsafe { (device.alloc::<P>(channels)?, device.alloc::<P>(channels)?) };
        // SAFETY: all hold one value for each channel, mean and variance in the type that the kernel was chosen for.
        unsafe {
            launch!(device, &function, config; &(channels as u32), &gamma, &beta, &mean, &var, &eps, &mut scale,
                &mut shift)?;
        }
        Ok([tensor(scale, channels, &device), tensor(shift, channels, &device)])
    })
}

/// `activation(x * scale + shift + residual)`.
pub(in crate::ops) fn normalise(
    x: &Tensor,
    [scale, shift]: &[Tensor; 2],
    residual: Option<&Tensor>,
    activation: Activation,
) -> Result<Tensor> {
    let (n, c, h, w) = x.dims4()?;
    let (x, residual) = (channels_last(x)?, residual.map(channels_last).transpose()?);
    let dtype = x.dtype();
    let (x, scale, shift) = (operand(&x)?, operand(scale)?, operand(shift)?);
    let residual = residual.as_ref().map(operand).transpose()?;
    let device = x.device()?;
    let function = typed(&device, BATCH_NORM, "normalise", dtype)?;
    let (config, count) = (over_elements(n * h * w, c, dtype), n * h * w * c);
    let relu = i32::from(activation == Activation::Relu);
    with_element!(dtype, NAME, T => {
        type A = <T as Element>::Arithmetic;
        let (x, scale, shift) = (x.view::<T>()?, scale.view::<A>()?, shift.view::<A>()?);
        let residual = address_or_null::<T>(residual.as_ref())?;
        // SAFETY: the kernel writes every element before anything reads it.
        let mut y = unsafe { device.alloc::<T>(count)? };
        // SAFETY: `x`, `y` and the residual hold `count` elements of the kernel's type, scale and shift one for each
        // channel; without a residual its address is null.
        unsafe {
            launch!(device, &function, config; &(count as u64), &(c as u32), &x, &scale, &shift, &residual, &relu, &mut y)?;
        }
        map(y, [n, c, h, w], &device)
    })
}

/// Moves the running statistics of a layer, and counts the batch.
pub(in crate::ops) fn track(running: Running<'_>, batch: &BatchStats, momentum: f64) -> Result<()> {
    let (dtype, channels) = (running.mean.dtype(), batch.mean.elem_count());
    let unbiased = unbiased(batch.count);
    let (mean, var) = (operand(&batch.mean)?, operand(&batch.var)?);
    let (running_mean, running_var) = (operand(running.mean)?, operand(running.var)?);
    let batches = operand(running.batches)?;
    let device = mean.device()?;
    let function = typed(&device, BATCH_NORM, "track", dtype)?;
    let (mean, var, batches) = (mean.view::<f64>()?, var.view::<f64>()?, batches.view::<i64>()?);
    with_element!(dtype, NAME, P => {
        let (running_mean, running_var) = (running_mean.view::<P>()?, running_var.view::<P>()?);
        // SAFETY: all hold one value for each channel, `batches` one. The kernel writes into the variables, as an optimizer's
        // step does, in the order of the stream; nobody else holds these three for writing.
        unsafe {
            launch!(device, &function, over(channels); &(channels as u32), &mean, &var, &momentum, &unbiased,
                &running_mean, &running_var, &batches)
        }
    })
}

/// What makes a biased variance of `count` values unbiased.
fn unbiased(count: usize) -> f64 {
    count as f64 / (count as f64 - 1.)
}
