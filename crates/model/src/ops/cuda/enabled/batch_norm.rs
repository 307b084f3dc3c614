//! Batch normalisation fused with the residual sum and the rectifier.

use super::kernel::{BATCH_NORM, launch, over, over_channels, over_elements, over_runs, plain, typed};
use super::view::{Element, Operand, address_or_null, map, tensor, with_element};
use crate::ops::Activation;
use crate::ops::layout::channels_last;
use candle_core::{DType, Result, Tensor};

pub(super) const NAME: &str = "batch_norm";

/// Mean and biased variance `[C]` in f64 of each channel of `x`.
pub(super) fn moments(x: &Tensor) -> Result<[Tensor; 2]> {
    let (n, c, h, w) = x.dims4()?;
    let x = channels_last(x)?;
    let dtype = x.dtype();
    let x = Operand::new(NAME, &x)?;
    let device = x.device()?;
    let first = typed(&device, BATCH_NORM, "moments", dtype)?;
    let second = plain(&device, BATCH_NORM, "statistics")?;
    let (config, splits) = over_runs(n * h * w, c);
    let (pixels, channels, parts_each) = ((n * h * w) as u64, c as u32, splits as u32);
    // SAFETY: the first kernel writes all parts, the second all means and variances, before they are read.
    let (mut parts, mut mean, mut var) = unsafe {
        (device.alloc::<f64>((2 * splits + 1) * c)?, device.alloc::<f64>(c)?, device.alloc::<f64>(c)?)
    };
    with_element!(dtype, NAME, T => {
        let x = x.view::<T>()?;
        // SAFETY: `x` holds pixels x channels elements, `parts` two sums for each part and a pivot for each channel.
        unsafe { launch!(device, &first, config; &pixels, &channels, &parts_each, &x, &mut parts)? };
    });
    // SAFETY: `parts` holds what the first kernel wrote; the others hold one value for each channel.
    unsafe {
        launch!(device, &second, over_channels(1, c); &channels, &parts_each, &(pixels as f64), &parts, &mut mean,
            &mut var)?;
    }
    Ok([tensor(mean, c, &device), tensor(var, c, &device)])
}

/// The scale and the shift `[C]` that a layer's gamma, beta, mean and variance make; the last two in f64 or in the type of
/// the parameters.
pub(super) fn fold(layer: [&Tensor; 4], eps: f64) -> Result<[Tensor; 2]> {
    let [gamma, beta, mean, var] = layer;
    let (dtype, channels) = (gamma.dtype(), gamma.elem_count());
    let kernel = if mean.dtype() == DType::F64 { "fold" } else { "fold_running" };
    let [gamma, beta, mean, var] = [gamma, beta, mean, var].map(|t| Operand::new(NAME, t));
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
pub(super) fn normalise(
    x: &Tensor,
    [scale, shift]: &[Tensor; 2],
    residual: Option<&Tensor>,
    activation: Activation,
) -> Result<Tensor> {
    let (n, c, h, w) = x.dims4()?;
    let (x, residual) = (channels_last(x)?, residual.map(channels_last).transpose()?);
    let dtype = x.dtype();
    let (x, scale, shift) = (Operand::new(NAME, &x)?, Operand::new(NAME, scale)?, Operand::new(NAME, shift)?);
    let residual = residual.as_ref().map(|residual| Operand::new(NAME, residual)).transpose()?;
    let device = x.device()?;
    let function = typed(&device, BATCH_NORM, "normalise", dtype)?;
    let (config, count) = (over_elements(n * h * w, c), n * h * w * c);
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
