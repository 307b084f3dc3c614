//! The backward pass of batch normalisation.

use super::{NAME, operand};
use crate::ops::Activation;
use crate::ops::batch_norm::gradients::{Backward, Gradients};
use crate::ops::batch_norm::layer::Layer;
use crate::ops::batch_norm::statistics::Statistics;
use crate::ops::cuda::enabled::kernel::{
    BATCH_NORM_BACKWARD, launch, over_elements, over_parts, over_runs, typed,
};
use crate::ops::cuda::enabled::view::{Element, address_or_null, aligned, tensor, with_element};
use crate::ops::layout::{as_map, channels_last};
use candle_core::cuda_backend::cudarc::driver::DevicePtrMut;
use candle_core::{Result, Tensor, bail};

/// How the rectifier masks the gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mask {
    /// There is no rectifier.
    None,
    /// Its argument is computed again.
    Input,
    /// A residual was added: the result says where it was positive, and what is left is kept as the residual's gradient.
    Result,
}

impl Mask {
    fn of(b: &Backward<'_>) -> Mask {
        match (b.activation, b.y) {
            (Activation::None, _) => Mask::None,
            (Activation::Relu, None) => Mask::Input,
            (Activation::Relu, Some(_)) => Mask::Result,
        }
    }

    /// The part of the kernels' names.
    fn name(self) -> &'static str {
        match self {
            Mask::None => "plain",
            Mask::Input => "rectified",
            Mask::Result => "residual",
        }
    }
}

/// The gradients of one application, given the scale and the shift of the forward pass.
pub(in crate::ops) fn backward(b: &Backward<'_>, folded: &[Tensor; 2]) -> Result<Gradients> {
    let mask = Mask::of(b);
    let pixels = |map| aligned(channels_last(map)?);
    let (x, dy) = (pixels(b.x)?, pixels(b.dy)?);
    let y = b.y.filter(|_| mask == Mask::Result).map(pixels).transpose()?;
    let pass = Pass { x, dy, y, mask, folded, statistics: b.statistics, layer: b.layer };
    let (parts, masked) = pass.sums()?;
    let (values, constant) = (pass.pixels()?, b.constant);
    let own = pass.coefficients(&parts, values, constant)?;
    let factors = match b.across {
        None => own.factors,
        // gamma and beta have their part of a sum; `dx` is made of what all processes have.
        Some(across) => {
            let all = across.group.sum(&parts.sum(0)?)?.contiguous()?.unsqueeze(0)?;
            let images = b.x.dim(0)?.max(1);
            pass.coefficients(&all, values / images * across.pictures, constant)?.factors
        }
    };
    let dx = pass.gradient(masked.as_ref(), &factors)?;
    let residual = match (b.residual, masked) {
        (false, _) => None,
        (true, Some(masked)) => Some(as_map(&masked)?),
        (true, None) if mask == Mask::None => Some(b.dy.clone()),
        (true, None) => bail!("{NAME}: the gradient of a residual before a rectifier needs the result"),
    };
    Ok(Gradients { x: as_map(&dx)?, gamma: own.parameters.get(0)?, beta: own.parameters.get(1)?, residual })
}

/// What the passes read; maps are contiguous `[N, H, W, C]`.
struct Pass<'a> {
    x: Tensor,
    dy: Tensor,
    /// The result, where it masks the gradient.
    y: Option<Tensor>,
    mask: Mask,
    /// The scale and the shift `[C]` of the forward pass.
    folded: &'a [Tensor; 2],
    statistics: &'a Statistics,
    layer: Layer<'a>,
}

/// What one channel's gradients are made of.
struct Coefficients {
    /// The gradients of gamma and beta, `[2, C]`.
    parameters: Tensor,
    /// What `dx` is made with, `[4, C]`.
    factors: Tensor,
}

impl Pass<'_> {
    fn channels(&self) -> usize {
        self.layer.gamma.elem_count()
    }

    /// Values of each channel.
    fn pixels(&self) -> Result<usize> {
        let (n, h, w, _) = self.x.dims4()?;
        Ok(n * h * w)
    }

    /// The sums of the gradient before the rectifier, `d`, and of `d * (x - mean)`, in parts `[P, 2, C]`; and `d` where
    /// [`Mask::Result`] keeps it.
    fn sums(&self) -> Result<(Tensor, Option<Tensor>)> {
        let (dtype, c, pixels) = (self.x.dtype(), self.channels(), self.pixels()?);
        let (x, dy, mean) = (operand(&self.x)?, operand(&self.dy)?, operand(&self.statistics.mean)?);
        let y = self.y.as_ref().map(operand).transpose()?;
        let [scale, shift] = self.folded.each_ref().map(operand);
        let (scale, shift, device) = (scale?, shift?, x.device()?);
        let function =
            typed(&device, BATCH_NORM_BACKWARD, &format!("gradient_sums_{}", self.mask.name()), dtype)?;
        let (config, splits) = over_runs(pixels, c, dtype);
        // SAFETY: the kernel writes all parts before anything reads them.
        let mut parts = unsafe { device.alloc::<f64>(splits * 2 * c)? };
        with_element!(dtype, NAME, T => {
            type A = <T as Element>::Arithmetic;
            let mut masked = match &y {
                // SAFETY: the kernel writes every element before anything reads it.
                Some(_) => Some(unsafe { device.alloc::<T>(pixels * c)? }),
                None => None,
            };
            let kept = masked.as_mut().map_or(0, |masked| masked.device_ptr_mut(&device.cuda_stream()).0);
            let y = address_or_null::<T>(y.as_ref())?;
            let (x, dy, mean) = (x.view::<T>()?, dy.view::<T>()?, mean.view::<f64>()?);
            let (scale, shift) = (scale.view::<A>()?, shift.view::<A>()?);
            // SAFETY: all maps hold pixels x channels elements of the kernel's type, `parts` two sums for each part, the
            // others one value for each channel; kernels that need neither `y` nor `kept` are given no address of it.
            unsafe {
                launch!(device, &function, config; &(pixels as u64), &(c as u32), &(splits as u32), &x, &y, &dy, &mean,
                    &scale, &shift, &kept, &mut parts)?;
            }
            let masked = masked.map(|masked| tensor(masked, self.x.shape(), &device));
            Ok((tensor(parts, (splits, 2, c), &device), masked))
        })
    }

    /// From sums over `count` values of each channel, in parts `[P, 2, C]`.
    fn coefficients(&self, parts: &Tensor, count: usize, constant: bool) -> Result<Coefficients> {
        let (c, splits) = (self.channels(), parts.dim(0)?);
        let dtype = self.layer.gamma.dtype();
        let (parts, gamma) = (operand(parts)?, operand(self.layer.gamma)?);
        let (mean, var) = (operand(&self.statistics.mean)?, operand(&self.statistics.var)?);
        let device = gamma.device()?;
        let function = typed(&device, BATCH_NORM_BACKWARD, "coefficients", dtype)?;
        let (parts, mean, var) = (parts.view::<f64>()?, mean.view::<f64>()?, var.view::<f64>()?);
        with_element!(dtype, NAME, P => {
            let gamma = gamma.view::<P>()?;
            // SAFETY: the kernel writes all of both before anything reads them.
            let (mut parameters, mut factors) = unsafe { (device.alloc::<P>(2 * c)?, device.alloc::<P>(4 * c)?) };
            // SAFETY: `parts` holds two sums for each part, the results two and four values for each channel, the others
            // one.
            unsafe {
                launch!(device, &function, over_parts(c); &(c as u32), &(splits as u32), &(count as f64),
                    &i32::from(constant), &parts, &mean, &var, &gamma, &self.layer.eps, &mut parameters, &mut factors)?;
            }
            Ok(Coefficients {
                parameters: tensor(parameters, (2, c), &device),
                factors: tensor(factors, (4, c), &device),
            })
        })
    }

    /// The gradient of `x`, contiguous `[N, H, W, C]`, from the masked gradient where it was kept.
    fn gradient(&self, masked: Option<&Tensor>, factors: &Tensor) -> Result<Tensor> {
        let (dtype, c, count) = (self.x.dtype(), self.channels(), self.x.elem_count());
        // With the masked gradient at hand, this pass needs no mask.
        let mask = if masked.is_some() { Mask::None } else { self.mask };
        let (x, d) = (operand(&self.x)?, operand(masked.unwrap_or(&self.dy))?);
        let factors = operand(factors)?;
        let [scale, shift] = self.folded.each_ref().map(operand);
        let (scale, shift, device) = (scale?, shift?, x.device()?);
        let function = typed(&device, BATCH_NORM_BACKWARD, &format!("gradient_{}", mask.name()), dtype)?;
        let config = over_elements(count / c.max(1), c, dtype);
        with_element!(dtype, NAME, T => {
            type A = <T as Element>::Arithmetic;
            let (x, d, factors) = (x.view::<T>()?, d.view::<T>()?, factors.view::<A>()?);
            let (scale, shift) = (scale.view::<A>()?, shift.view::<A>()?);
            // SAFETY: the kernel writes every element before anything reads it.
            let mut dx = unsafe { device.alloc::<T>(count)? };
            // SAFETY: `x`, `d` and `dx` hold `count` elements of the kernel's type, the factors four for each channel,
            // scale and shift one.
            unsafe {
                launch!(device, &function, config; &(count as u64), &(c as u32), &x, &d, &factors, &scale, &shift,
                    &mut dx)?;
            }
            Ok(tensor(dx, self.x.shape(), &device))
        })
    }
}
