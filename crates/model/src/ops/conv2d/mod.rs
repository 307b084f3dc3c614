//! Two-dimensional convolution.

mod affine;
mod config;
mod convolved;
mod folded;
mod gradients;
mod weights;

pub use affine::ChannelAffine;
pub use config::Conv2dConfig;
pub(crate) use convolved::Convolved;
pub use folded::conv2d_normalised;
pub(crate) use folded::folded;
pub use gradients::conv2d_gradients;
pub(crate) use gradients::{bias_gradient, input_gradient, weight_gradient};
pub(crate) use weights::FoldedWeights;

use super::batch_norm::Moments;
use super::geometry::Conv2dShape;
use super::operator::{Operator, apply};
use super::types::{check_argument, check_computed, parameters};
use super::{cpu, cuda};
use candle_core::{Result, Tensor, bail};

const NAME: &str = "conv2d";

/// Cross-correlation of `x` `[N, Ci, H, W]` with `weight` `[Co, Ci, Kh, Kw]`, plus `bias` `[Co]`: `[N, Co, OH, OW]`.
///
/// On a GPU (Ampere or newer) `x` may be bf16: then the weight is f32 (it is rounded to bf16 inside, and its gradient is f32 again) or bf16,
/// the bias f32, and the result bf16.
///
/// On the CPU some 3x3 convolutions of stride 1 are computed by Winograd's method. Its rounding follows the largest input
/// of a patch of up to 6x6 pixels, and an infinite input or a NaN makes all results of its patch NaN.
///
/// `OH = (H + 2 padding - dilation (Kh - 1) - 1) / stride + 1`, as in PyTorch. Differentiable in all three.
///
/// # Errors
/// When shapes or element types do not belong together, or the kernel does not fit into the padded input.
pub fn conv2d(x: &Tensor, weight: &Tensor, bias: Option<&Tensor>, config: Conv2dConfig) -> Result<Tensor> {
    let shape = Conv2dShape::new(x.dims(), weight.dims(), config)?;
    check_types(x, weight)?;
    let Some(bias) = bias else { return apply(Conv2d(shape), [x, weight]) };
    check_argument(NAME, "a bias", bias, &[shape.outputs], parameters(x.dtype()))?;
    apply(Conv2d(shape), [x, weight, bias])
}

/// [`conv2d`] of tensors that belong together, outside of candle's graph.
pub(crate) fn forward(
    shape: &Conv2dShape,
    x: &Tensor,
    weight: &Tensor,
    bias: Option<&Tensor>,
) -> Result<Tensor> {
    if x.device().is_cuda() {
        cuda::conv2d::forward(shape, x, weight, bias)
    } else {
        cpu::conv2d::forward(shape, x, weight, bias)
    }
}

/// The convolution without bias, outside of candle's graph, with the moments of each of its channels over all pixels.
pub(crate) fn with_moments(shape: &Conv2dShape, x: &Tensor, weight: &Tensor) -> Result<Convolved> {
    if x.device().is_cuda() {
        return cuda::conv2d::with_moments(shape, x, weight);
    }
    let (y, statistics) = cpu::conv2d::with_moments(shape, x, weight)?;
    Ok(Convolved { y, moments: Moments::Known(statistics), filters: None })
}

/// Inputs `x`, `weight`, and a bias where there are three.
struct Conv2d(Conv2dShape);

impl Operator<2> for Conv2d {
    const NAME: &'static str = NAME;

    fn forward(&self, [x, weight]: [&Tensor; 2]) -> Result<Tensor> {
        forward(&self.0, x, weight, None)
    }

    fn backward(
        &self,
        [x, weight]: [&Tensor; 2],
        wanted: [bool; 2],
        _y: &Tensor,
        dy: &Tensor,
    ) -> Result<[Option<Tensor>; 2]> {
        let dx = wanted[0].then(|| input_gradient(&self.0, dy, weight, None, None)).transpose()?;
        let dw = wanted[1].then(|| weight_gradient(&self.0, x, dy, weight.dtype())).transpose()?;
        Ok([dx, dw])
    }
}

impl Operator<3> for Conv2d {
    const NAME: &'static str = NAME;

    fn forward(&self, [x, weight, bias]: [&Tensor; 3]) -> Result<Tensor> {
        forward(&self.0, x, weight, Some(bias))
    }

    fn backward(
        &self,
        [x, weight, _]: [&Tensor; 3],
        wanted: [bool; 3],
        y: &Tensor,
        dy: &Tensor,
    ) -> Result<[Option<Tensor>; 3]> {
        let [dx, dw] = Operator::<2>::backward(self, [x, weight], [wanted[0], wanted[1]], y, dy)?;
        let db = wanted[2].then(|| bias_gradient(dy)).transpose()?;
        Ok([dx, dw, db])
    }
}

fn check_types(x: &Tensor, weight: &Tensor) -> Result<()> {
    check_computed(NAME, x)?;
    let (found, wanted) = (weight.dtype(), x.dtype());
    if found != wanted && found != parameters(wanted) {
        bail!("{NAME}: expected a weight of {wanted:?}, got {found:?}");
    }
    Ok(())
}
