//! Bilinear resizing with a backward pass.

use super::geometry::check_size;
use super::operator::{Operator, apply};
use super::resizing::Resizing;
use super::types::check_computed;
use super::{cpu, cuda};
use candle_core::{Result, Tensor, bail};

const NAME: &str = "upsample_bilinear";

/// Resizes `x` `[N, C, H, W]` to `[N, C, out_h, out_w]` as `torch.nn.functional.interpolate(mode="bilinear")`.
///
/// With `align_corners` the corner pixels' centres coincide, otherwise the corners of the pictures do. It shrinks too,
/// without smoothing.
///
/// # Errors
/// When `x` is not four-dimensional, a side is 0, the result does not fit into memory, or `x` is neither f32 nor f64 (on a
/// GPU bf16 too).
pub fn upsample_bilinear(x: &Tensor, out_h: usize, out_w: usize, align_corners: bool) -> Result<Tensor> {
    let (n, c, h, w) = x.dims4()?;
    if [c, h, w, out_h, out_w].contains(&0) {
        bail!("{NAME}: expected sides and channels of at least 1, got {c} of {h}x{w} to {out_h}x{out_w}");
    }
    check_computed(NAME, x)?;
    check_size(NAME, [n, c, out_h, out_w])?;
    if (h, w) == (out_h, out_w) {
        return Ok(x.clone());
    }
    apply(Resizing { h, w, out_h, out_w, align_corners }, [x])
}

/// `x` `[N, C, H, W]` of the sizes of the resizing, none of them 0, resized.
pub(crate) fn forward(x: &Tensor, resizing: &Resizing) -> Result<Tensor> {
    if x.device().is_cuda() {
        cuda::bilinear::forward(x, resizing)
    } else {
        cpu::bilinear::forward(x, resizing)
    }
}

/// The gradient of the input, given that of the resized map.
pub(crate) fn backward(dy: &Tensor, resizing: &Resizing) -> Result<Tensor> {
    if dy.device().is_cuda() {
        cuda::bilinear::backward(dy, resizing)
    } else {
        cpu::bilinear::backward(dy, resizing)
    }
}

impl Operator<1> for Resizing {
    const NAME: &'static str = NAME;

    fn forward(&self, [x]: [&Tensor; 1]) -> Result<Tensor> {
        forward(x, self)
    }

    fn backward(
        &self,
        _: [&Tensor; 1],
        _: [bool; 1],
        _: &Tensor,
        dy: &Tensor,
    ) -> Result<[Option<Tensor>; 1]> {
        Ok([Some(backward(dy, self)?)])
    }
}
