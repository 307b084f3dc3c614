//! The pooling of the ResNet stem.

use super::operator::{Operator, apply};
use super::{cpu, cuda};
use candle_core::{Result, Tensor, bail};
use std::sync::OnceLock;

const NAME: &str = "max_pool_3x3_s2";

/// Maximum over 3x3 windows, stride 2, padding 1: `[N, C, H, W]` to `[N, C, (H + 1) / 2, (W + 1) / 2]`.
///
/// The gradient goes to the first largest element of a window in scan order, and NaN propagates, as in PyTorch.
///
/// # Errors
/// When `x` is not four-dimensional, has an empty side, or is neither f32 nor f64 (on a GPU bf16 too).
pub fn max_pool_3x3_s2(x: &Tensor) -> Result<Tensor> {
    apply(MaxPool { winners: OnceLock::new(), keep: x.track_op() }, [x])
}

/// The pooled map and, with `keep`, for each of its values the position of the largest element in its window, 0 to 8 in
/// scan order: U8, in the order of the device's maps, for [`backward`] alone.
pub(crate) fn forward(x: &Tensor, keep: bool) -> Result<(Tensor, Option<Tensor>)> {
    let (_, c, h, w) = x.dims4()?;
    if h == 0 || w == 0 || c == 0 {
        bail!("{NAME}: expected a map of at least one channel and 1x1, got {c} and {h}x{w}");
    }
    if x.device().is_cuda() { cuda::max_pool::forward(x, keep) } else { cpu::max_pool::forward(x, keep) }
}

/// The gradient of a map of this height and width, from the positions of [`forward`] and the gradient of the pooled map.
pub(crate) fn backward(winners: &Tensor, dy: &Tensor, size: [usize; 2]) -> Result<Tensor> {
    if dy.device().is_cuda() {
        cuda::max_pool::backward(winners, dy, size)
    } else {
        cpu::max_pool::backward(winners, dy, size)
    }
}

struct MaxPool {
    winners: OnceLock<Tensor>,
    /// Whether a backward pass may want them.
    keep: bool,
}

impl Operator<1> for MaxPool {
    const NAME: &'static str = NAME;

    fn forward(&self, [x]: [&Tensor; 1]) -> Result<Tensor> {
        let (y, winners) = forward(x, self.keep)?;
        if let Some(winners) = winners {
            // The operator runs once; a second run would find the same.
            let _ = self.winners.set(winners);
        }
        Ok(y)
    }

    fn backward(
        &self,
        [x]: [&Tensor; 1],
        _: [bool; 1],
        _: &Tensor,
        dy: &Tensor,
    ) -> Result<[Option<Tensor>; 1]> {
        let Some(winners) = self.winners.get() else {
            bail!("{NAME}: the forward pass kept no positions for a backward pass");
        };
        let (_, _, h, w) = x.dims4()?;
        Ok([Some(backward(winners, dy, [h, w])?)])
    }
}
