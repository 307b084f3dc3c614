//! Two-dimensional convolution.

mod finish;
mod geometry;
mod kernels;
mod normalised;
mod operator;
mod passes;
mod pieces;
mod regions;
mod scratch;
mod simd;
mod tap_product;
#[cfg(test)]
mod tests;
mod weight_gradient;
mod work;

pub use normalised::{ChannelAffine, conv2d_normalised};

use candle_core::{Result, Tensor, bail};

const NAME: &str = "conv2d";

/// The geometry of a convolution beside its kernel size, equal in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Conv2dConfig {
    /// Distance of neighbouring outputs, in input pixels.
    pub stride: usize,
    /// Zeros assumed around the input, in pixels.
    pub padding: usize,
    /// Distance of neighbouring taps, in input pixels.
    pub dilation: usize,
}

/// Cross-correlation of `x` `[N, Ci, H, W]` with `weight` `[Co, Ci, Kh, Kw]`, plus `bias` `[Co]`: `[N, Co, OH, OW]`.
///
/// `OH = (H + 2 padding - dilation (Kh - 1) - 1) / stride + 1`, as in PyTorch. Differentiable in all three.
///
/// # Errors
/// When shapes or element types do not belong together, or the kernel does not fit into the padded input.
pub fn conv2d(x: &Tensor, weight: &Tensor, bias: Option<&Tensor>, config: Conv2dConfig) -> Result<Tensor> {
    let g = geometry::Geometry::new(x.dims(), weight.dims(), config)?;
    if x.dtype() != weight.dtype() {
        bail!("{NAME}: expected a weight of {:?}, got {:?}", x.dtype(), weight.dtype());
    }
    let (x, weight) = (x.contiguous()?, weight.contiguous()?);
    match bias {
        None => x.apply_op2(&weight, operator::Conv2d(config)),
        Some(bias) if bias.dims() == [g.outputs] && bias.dtype() == x.dtype() => {
            x.apply_op3(&weight, &bias.contiguous()?, operator::Conv2dWithBias(config))
        }
        Some(bias) => bail!("{NAME}: expected a bias of [{}], got {:?}", g.outputs, bias.dims()),
    }
}
