//! The statistics of a batch, and what a layer in training makes of them, by one kernel.

use super::{NAME, operand, unbiased};
use crate::ops::batch_norm::layer::Layer;
use crate::ops::batch_norm::moments::{Applied, Parts};
use crate::ops::batch_norm::running::Running;
use crate::ops::batch_norm::statistics::Statistics;
use crate::ops::cuda::enabled::kernel::{BATCH_NORM, launch, over_parts, typed};
use crate::ops::cuda::enabled::view::{tensor, with_element};
use candle_core::{DType, Result};

/// The statistics alone.
pub(in crate::ops) fn statistics(parts: &Parts) -> Result<Statistics> {
    let (rows, c) = parts.sums.dims2()?;
    let sums = operand(&parts.sums)?;
    let device = sums.device()?;
    let function = typed(&device, BATCH_NORM, "statistics", DType::F64)?;
    let sums = sums.view::<f64>()?;
    // SAFETY: the kernel writes all of both before anything reads them.
    let (mut mean, mut var) = unsafe { (device.alloc::<f64>(c)?, device.alloc::<f64>(c)?) };
    let (splits, none, zero) = ((rows / 2) as u32, 0u64, 0f64);
    // SAFETY: `sums` holds what `moments` of kernels/batch_norm.cu wrote, the results one value for each channel; without
    // parameters and running statistics their addresses are null.
    unsafe {
        launch!(device, &function, over_parts(c); &(c as u32), &splits, &(parts.count as f64), &sums, &mut mean, &mut var,
            &none, &none, &zero, &none, &none, &zero, &zero, &none, &none, &none)?;
    }
    Ok(Statistics { mean: tensor(mean, c, &device), var: tensor(var, c, &device) })
}

/// The statistics in a layer, whose running ones move.
pub(in crate::ops) fn apply(
    parts: &Parts,
    layer: Layer<'_>,
    running: Running<'_>,
    momentum: f64,
) -> Result<Applied> {
    let (rows, c) = parts.sums.dims2()?;
    let dtype = layer.gamma.dtype();
    let [sums, gamma, beta] = [&parts.sums, layer.gamma, layer.beta].map(operand);
    let (sums, gamma, beta) = (sums?, gamma?, beta?);
    let (moved, batches) = ([running.mean, running.var].map(|var| operand(var)), operand(running.batches)?);
    let [running_mean, running_var] = moved;
    let (running_mean, running_var, device) = (running_mean?, running_var?, sums.device()?);
    let function = typed(&device, BATCH_NORM, "statistics", dtype)?;
    let (sums, batches) = (sums.view::<f64>()?, batches.view::<i64>()?);
    let (splits, unbiased) = ((rows / 2) as u32, unbiased(parts.count));
    // SAFETY: the kernel writes all of both before anything reads them.
    let (mut mean, mut var) = unsafe { (device.alloc::<f64>(c)?, device.alloc::<f64>(c)?) };
    with_element!(dtype, NAME, P => {
        let (gamma, beta) = (gamma.view::<P>()?, beta.view::<P>()?);
        let (running_mean, running_var) = (running_mean.view::<P>()?, running_var.view::<P>()?);
        // SAFETY: the kernel writes all of both before anything reads them.
        let (mut scale, mut shift) = unsafe { (device.alloc::<P>(c)?, device.alloc::<P>(c)?) };
        // SAFETY: `sums` holds what `moments` of kernels/batch_norm.cu wrote, `batches` one number, the others one value for
        // each channel. The kernel writes into the running variables, as an optimizer's step does, in the order of the
        // stream; nobody else holds these three for writing.
        unsafe {
            launch!(device, &function, over_parts(c); &(c as u32), &splits, &(parts.count as f64), &sums, &mut mean,
                &mut var, &gamma, &beta, &layer.eps, &mut scale, &mut shift, &momentum, &unbiased, &running_mean,
                &running_var, &batches)?;
        }
        Ok(Applied {
            statistics: Statistics { mean: tensor(mean, c, &device), var: tensor(var, c, &device) },
            folded: [tensor(scale, c, &device), tensor(shift, c, &device)],
        })
    })
}
