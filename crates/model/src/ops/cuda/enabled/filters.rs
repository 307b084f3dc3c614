//! The weights of convolutions in cuDNN's order and type, and their gradients back.

use super::cudnn::Problem;
use super::kernel::{FILTERS, launch, over_chunks, plain};
use super::view::{Operand, tensor, with_element};
use candle_core::{DType, Result, Tensor, bail};

const NAME: &str = "conv2d";

/// A weight `[Co, Ci, Kh, Kw]` as cuDNN wants it: `[Co, Kh, Kw, Ci]` in the maps' type, without a copy where it is so
/// already; `[Co, Ci, Kh, Kw]` where the maps are.
pub(super) fn of_weight(problem: Problem, weight: &Tensor) -> Result<Tensor> {
    let weight = weight.contiguous()?;
    let [outputs, inputs, h, w] = problem.weight();
    if !problem.channels_last {
        return Ok(weight);
    }
    if h * w == 1 && weight.dtype() == problem.dtype {
        return weight.reshape((outputs, h, w, inputs));
    }
    let name = format!("to_filters_{}_{}", suffix(weight.dtype())?, suffix(problem.dtype)?);
    moved(problem, &weight, &name, problem.dtype, [outputs, h, w, inputs])
}

/// The name of what [`of_weight`] makes for this problem.
pub(super) fn form(problem: Problem) -> &'static str {
    match (problem.channels_last, problem.dtype) {
        (false, _) => "a GPU's, with channels first",
        (true, DType::BF16) => "a GPU's, with channels last, in bf16",
        (true, _) => "a GPU's, with channels last",
    }
}

/// The gradient of a weight `[Co, Ci, Kh, Kw]` of type `wanted`, from cuDNN's.
pub(super) fn to_weight(problem: Problem, gradient: Tensor, wanted: DType) -> Result<Tensor> {
    let [outputs, inputs, h, w] = problem.weight();
    if !problem.channels_last {
        return Ok(gradient);
    }
    if h * w == 1 && gradient.dtype() == wanted {
        return gradient.reshape((outputs, inputs, h, w));
    }
    let name = format!("of_filters_{}_{}", suffix(gradient.dtype())?, suffix(wanted)?);
    moved(problem, &gradient, &name, wanted, [outputs, inputs, h, w])
}

/// What the kernel `name` makes of a contiguous tensor with as many elements as the problem's weight.
fn moved(problem: Problem, from: &Tensor, name: &str, wanted: DType, shape: [usize; 4]) -> Result<Tensor> {
    let from = Operand::new(NAME, from)?;
    let device = from.device()?;
    let function = plain(&device, FILTERS, name)?;
    let count: usize = shape.iter().product();
    let (inputs, taps) = (problem.shape.inputs, problem.shape.taps());
    let (config, most) =
        over_chunks(count / (inputs * taps).max(1), inputs, taps * from.dtype().size_in_bytes());
    let (inputs, taps) = (inputs as u32, taps as u32);
    with_element!(from.dtype(), NAME, F => {
        let from = from.view::<F>()?;
        with_element!(wanted, NAME, T => {
            // SAFETY: the kernel writes every element before anything reads it.
            let mut to = unsafe { device.alloc::<T>(count)? };
            // SAFETY: both hold inputs x taps elements, of the types in the kernel's name, for each filter of the launch; the
            // shared memory has room for `most` inputs.
            unsafe { launch!(device, &function, config; &inputs, &taps, &most, &from, &mut to)? };
            Ok(tensor(to, shape.as_slice(), &device))
        })
    })
}

fn suffix(dtype: DType) -> Result<&'static str> {
    match dtype {
        DType::F32 => Ok("f32"),
        DType::BF16 => Ok("bf16"),
        other => bail!(
            "{NAME}: expected a weight of f32 or bf16 beside maps with their channels last, got {other:?}"
        ),
    }
}
