//! Convolution: cuDNN's, our pass for bias, scale, residual and rectifier behind it.

use super::cudnn::{ALIGNMENT, Direction, Operands, Problem, run};
use super::device::publish;
use super::filters;
use super::kernel::{BATCH_NORM, launch, over_elements, typed};
use super::view::{Element, Operand, address_or_null, tensor, with_element};
use super::{batch_norm, pointwise, sums};
use crate::ops::batch_norm::Moments;
use crate::ops::conv2d::Convolved;
use crate::ops::geometry::Conv2dShape;
use crate::ops::layout::{as_map, channels_last};
use crate::ops::{Activation, ChannelAffine, FoldedWeights};
use candle_core::cuda_backend::cudarc::driver::DevicePtrMut;
use candle_core::{DType, Result, Tensor};

const NAME: &str = "conv2d";

/// The result of a convolution, plus a bias.
pub(crate) fn forward(
    shape: &Conv2dShape,
    x: &Tensor,
    weight: &Tensor,
    bias: Option<&Tensor>,
) -> Result<Tensor> {
    let (y, _) = convolution(shape, x, weight)?;
    if let Some(bias) = bias {
        Finish { scale: None, shift: bias, residual: None, activation: Activation::None }.apply(&y)?;
    }
    as_map(&y)
}

/// The result of a convolution, with the moments of each of its channels.
pub(crate) fn with_moments(shape: &Conv2dShape, x: &Tensor, weight: &Tensor) -> Result<Convolved> {
    let (y, filters) = convolution(shape, x, weight)?;
    let y = as_map(&y)?;
    let moments = Moments::Parts(batch_norm::parts(&y)?);
    Ok(Convolved { y, moments, filters: Some(filters) })
}

/// The result of a convolution with a scale and a shift of each channel, a residual and an activation.
pub(crate) fn folded(
    shape: &Conv2dShape,
    x: &Tensor,
    weights: &FoldedWeights,
    residual: Option<&Tensor>,
    activation: Activation,
) -> Result<Tensor> {
    let problem = Problem::new(Direction::Forward, x.dtype(), shape);
    let filters = weights.form(filters::form(problem), || {
        let filters = filters::of_weight(problem, &weights.weight)?;
        publish(filters.device().as_cuda_device()?)?;
        Ok(filters)
    })?;
    let y = in_pixels(problem, &computed(problem, &in_order(problem, x)?, &filters)?)?;
    let ChannelAffine { scale, shift } = &weights.affine;
    Finish { scale: Some(scale), shift, residual, activation }.apply(&y)?;
    as_map(&y)
}

/// The gradient of the input, plus `added`; `filters` are those of the forward pass.
pub(crate) fn input_gradient(
    shape: &Conv2dShape,
    dy: &Tensor,
    weight: &Tensor,
    filters: Option<&Tensor>,
    added: Option<&Tensor>,
) -> Result<Tensor> {
    let problem = Problem::new(Direction::InputGradient, dy.dtype(), shape);
    let filters = filters.cloned().map_or_else(|| filters::of_weight(problem, weight), Ok)?;
    let dx = in_pixels(problem, &computed(problem, &in_order(problem, dy)?, &filters)?)?;
    match added {
        Some(added) => as_map(&pointwise::sum(&dx, &channels_last(added)?)?),
        None => as_map(&dx),
    }
}

/// The gradient of the weight, in the weight's own type `wanted`.
pub(crate) fn weight_gradient(shape: &Conv2dShape, x: &Tensor, dy: &Tensor, wanted: DType) -> Result<Tensor> {
    let problem = Problem::new(Direction::WeightGradient, x.dtype(), shape);
    let gradient = computed(problem, &in_order(problem, x)?, &in_order(problem, dy)?)?;
    filters::to_weight(problem, gradient, wanted)
}

/// The gradient of the bias.
pub(crate) fn bias_gradient(dy: &Tensor) -> Result<Tensor> {
    sums::channel_sums(NAME, dy)
}

/// The convolution alone, as a contiguous `[N, OH, OW, Co]` that nothing else uses, and the weight as cuDNN read it.
fn convolution(shape: &Conv2dShape, x: &Tensor, weight: &Tensor) -> Result<(Tensor, Tensor)> {
    let problem = Problem::new(Direction::Forward, x.dtype(), shape);
    let filters = filters::of_weight(problem, weight)?;
    let y = computed(problem, &in_order(problem, x)?, &filters)?;
    Ok((in_pixels(problem, &y)?, filters))
}

/// A map in cuDNN's order.
fn in_order(problem: Problem, map: &Tensor) -> Result<Tensor> {
    if problem.channels_last { channels_last(map) } else { map.contiguous() }
}

/// A contiguous tensor at an address that cuDNN's engines accept: a copy where it begins inside of another tensor's memory,
/// at no multiple of their alignment.
fn aligned(tensor: &Tensor) -> Result<Tensor> {
    let begin = tensor.layout().start_offset() * tensor.dtype().size_in_bytes();
    if begin as u64 % ALIGNMENT == 0 { Ok(tensor.clone()) } else { tensor.force_contiguous() }
}

/// What cuDNN computed, as a contiguous `[N, H, W, C]`.
fn in_pixels(problem: Problem, computed: &Tensor) -> Result<Tensor> {
    if problem.channels_last { Ok(computed.clone()) } else { channels_last(computed) }
}

/// The tensor that the problem's direction computes from the two others, given in the order x, weight, y; all three are
/// contiguous in cuDNN's order.
fn computed(problem: Problem, a: &Tensor, b: &Tensor) -> Result<Tensor> {
    let (a, b) = (aligned(a)?, aligned(b)?);
    let (a, b) = (Operand::new(NAME, &a)?, Operand::new(NAME, &b)?);
    let device = a.device()?;
    let [n, c, h, w] = problem.result();
    let size = if problem.channels_last { [n, h, w, c] } else { [n, c, h, w] };
    with_element!(problem.dtype, NAME, T => {
        // SAFETY: cuDNN writes every element (its factor for the old values is 0) before anything reads it.
        let mut made = unsafe { device.alloc::<T>(n * c * h * w)? };
        {
            let stream = device.cuda_stream();
            let (a, b) = (a.address::<T>()?, b.address::<T>()?);
            let (made, _made) = made.device_ptr_mut(&stream);
            let operands = match problem.direction {
                Direction::Forward => Operands { x: a, weight: b, y: made },
                Direction::InputGradient => Operands { y: a, weight: b, x: made },
                Direction::WeightGradient => Operands { x: a, y: b, weight: made },
            };
            // SAFETY: the operator has checked the shapes, and the addresses are of elements of the problem's type.
            unsafe { run(&device, problem, operands)? };
        }
        Ok(tensor(made, size.as_slice(), &device))
    })
}

/// What is done with a finished sum: `activation(scale * y + shift + residual)`.
struct Finish<'a> {
    /// 1 where there is none.
    scale: Option<&'a Tensor>,
    shift: &'a Tensor,
    residual: Option<&'a Tensor>,
    activation: Activation,
}

impl Finish<'_> {
    /// In the place of `y`, a contiguous `[N, H, W, C]` that nothing else uses.
    fn apply(&self, y: &Tensor) -> Result<()> {
        let (dtype, channels) = (y.dtype(), self.shift.elem_count());
        let residual = self.residual.map(channels_last).transpose()?;
        let (y, shift) = (Operand::new(NAME, y)?, Operand::new(NAME, self.shift)?);
        let scale = self.scale.map(|scale| Operand::new(NAME, scale)).transpose()?;
        let residual = residual.as_ref().map(|residual| Operand::new(NAME, residual)).transpose()?;
        let (device, count) = (y.device()?, y.shape().elem_count());
        let function = typed(&device, BATCH_NORM, "finish", dtype)?;
        let config = over_elements(count / channels.max(1), channels, dtype);
        let relu = i32::from(self.activation == Activation::Relu);
        with_element!(dtype, NAME, T => {
            type A = <T as Element>::Arithmetic;
            let (scale, residual) = (address_or_null::<A>(scale.as_ref())?, address_or_null::<T>(residual.as_ref())?);
            let (shift, y) = (shift.view::<A>()?, y.view::<T>()?);
            // SAFETY: `y` and the residual hold `count` elements of the kernel's type, scale and shift one for each
            // channel; where an address is null the kernel does without. The kernel writes into `y`, which nothing else
            // uses.
            unsafe {
                launch!(device, &function, config; &(count as u64), &(channels as u32), &scale, &shift, &residual, &relu, &y)
            }
        })
    }
}
