//! Two-dimensional convolution.

mod affine;
mod config;
mod finish;
mod geometry;
mod gradients;
mod kernels;
mod normalised;
mod operator;
mod passes;
mod pieces;
mod regions;
mod schedule;
mod scratch;
mod simd;
mod tap_product;
#[cfg(test)]
mod tests;
mod weight_gradient;
mod work;

pub use affine::ChannelAffine;
pub use config::Conv2dConfig;
pub use normalised::conv2d_normalised;

use candle_core::{DType, Result, Tensor, bail};

const NAME: &str = "conv2d";

/// Cross-correlation of `x` `[N, Ci, H, W]` with `weight` `[Co, Ci, Kh, Kw]`, plus `bias` `[Co]`: `[N, Co, OH, OW]`.
///
/// On a GPU (Ampere or newer) `x` may be bf16: then the weight is f32 (it is rounded to bf16 inside, and its gradient is f32 again) or bf16,
/// the bias f32, and the result bf16.
///
/// `OH = (H + 2 padding - dilation (Kh - 1) - 1) / stride + 1`, as in PyTorch. Differentiable in all three.
///
/// # Errors
/// When shapes or element types do not belong together, or the kernel does not fit into the padded input.
pub fn conv2d(x: &Tensor, weight: &Tensor, bias: Option<&Tensor>, config: Conv2dConfig) -> Result<Tensor> {
    let g = geometry::Geometry::new(x.dims(), weight.dims(), config)?;
    check_types(x, weight)?;
    let (x, weight) = (x.contiguous()?, weight.contiguous()?);
    match bias {
        None => x.apply_op2(&weight, operator::Conv2d(config)),
        Some(bias) if bias.dims() == [g.outputs] && bias.dtype() == parameters(x.dtype()) => {
            x.apply_op3(&weight, &bias.contiguous()?, operator::Conv2dWithBias(config))
        }
        Some(bias) => bail!("{NAME}: expected a bias of [{}], got {:?}", g.outputs, bias.dims()),
    }
}

/// The type of parameters for activations of this type.
fn parameters(activations: DType) -> DType {
    if activations == DType::BF16 { DType::F32 } else { activations }
}

fn check_types(x: &Tensor, weight: &Tensor) -> Result<()> {
    let (found, wanted) = (weight.dtype(), x.dtype());
    if found != wanted && found != parameters(wanted) {
        bail!("{NAME}: expected a weight of {wanted:?}, got {found:?}");
    }
    Ok(())
}
