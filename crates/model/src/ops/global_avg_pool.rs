//! The mean of each feature map.

use super::operator::{Operator, apply};
use super::{cpu, cuda};
use candle_core::{Result, Tensor};

/// Mean of `x` `[N, C, H, W]` over the pixels, `[N, C, 1, 1]`, summed in f64.
///
/// # Errors
/// When `x` is not four-dimensional or neither f32 nor f64 (on a GPU bf16 too).
pub fn global_avg_pool(x: &Tensor) -> Result<Tensor> {
    let (_, c, _, _) = x.dims4()?;
    if c == 0 {
        candle_core::bail!("global_avg_pool: expected at least one channel, got {:?}", x.dims());
    }
    apply(GlobalAvgPool, [x])
}

/// [`global_avg_pool`] outside of candle's graph.
pub(crate) fn forward(x: &Tensor) -> Result<Tensor> {
    if x.device().is_cuda() { cuda::global_avg_pool::forward(x) } else { cpu::global_avg_pool::forward(x) }
}

/// The gradient of a map of this height and width, given that of its means `[N, C, 1, 1]`.
pub(crate) fn backward(dy: &Tensor, size: [usize; 2]) -> Result<Tensor> {
    if dy.device().is_cuda() {
        cuda::global_avg_pool::backward(dy, size)
    } else {
        cpu::global_avg_pool::backward(dy, size)
    }
}

struct GlobalAvgPool;

impl Operator<1> for GlobalAvgPool {
    const NAME: &'static str = "global_avg_pool";

    fn forward(&self, [x]: [&Tensor; 1]) -> Result<Tensor> {
        forward(x)
    }

    fn backward(
        &self,
        [x]: [&Tensor; 1],
        _: [bool; 1],
        _: &Tensor,
        dy: &Tensor,
    ) -> Result<[Option<Tensor>; 1]> {
        let (_, _, h, w) = x.dims4()?;
        Ok([Some(backward(dy, [h, w])?)])
    }
}
