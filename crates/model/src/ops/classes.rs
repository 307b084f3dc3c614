//! The predicted class of each pixel, from the network's outputs.

use super::head::Readout;
use super::types::check_computed;
use super::{cpu, cuda};
use candle_core::{Result, Tensor, bail};

/// The class with the largest logit for every pixel of outputs `v` `[N, C, h, w]` at `size` (height, width), in
/// `[N, H, W]` order on the host. The logits at full size are never written to memory.
///
/// The first one wins a tie, and the first NaN wins over numbers, as in PyTorch.
///
/// # Errors
/// When `v` is not four-dimensional, there are not 1 to 256 classes, a side is 0, or `v` has a type that the device lacks.
pub(crate) fn classes(v: &Tensor, size: (usize, usize), readout: Readout) -> Result<Vec<u8>> {
    check("classes", v, size, readout)?;
    if v.device().is_cuda() {
        cuda::classes::classes(v, size, readout)
    } else {
        cpu::classes::classes(v, size, readout)
    }
}

/// What every reading of outputs at full size needs.
pub(super) fn check(name: &str, v: &Tensor, size: (usize, usize), readout: Readout) -> Result<()> {
    let (n, channels, h, w) = v.dims4()?;
    check_computed(name, v)?;
    let classes = readout.classes(channels);
    if channels == 0 || classes > 256 {
        bail!("{name}: expected 1 to 256 channels, got {classes}");
    }
    if n > 0 && h * w * size.0 * size.1 == 0 {
        bail!("{name}: expected sides of at least 1, got {h}x{w} to {}x{}", size.0, size.1);
    }
    Ok(())
}
