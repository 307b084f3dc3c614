//! Counts of pixels by label and predicted class, from the network's outputs.

use super::classes::check;
use super::head::Readout;
use super::{cpu, cuda};
use candle_core::{DType, Result, Tensor, bail};

/// The confusion matrix `[K, K]`, labels by predicted classes in row-major order, of outputs `v` `[N, C, h, w]` at the
/// size of `label` `[N, H, W]` of U8. Void pixels are left out.
///
/// # Errors
/// When the shapes do not belong together, or a label is neither a class nor void.
pub(crate) fn confusion(v: &Tensor, label: &Tensor, readout: Readout) -> Result<Vec<u64>> {
    let (images, height, width) = label.dims3()?;
    check("confusion", v, (height, width), readout)?;
    if label.dtype() != DType::U8 || images != v.dim(0)? {
        let (n, dims) = (v.dim(0)?, label.dims());
        bail!("confusion: expected labels of U8 [{n}, height, width], got {:?} {dims:?}", label.dtype());
    }
    if v.device().is_cuda() {
        cuda::confusion::confusion(v, label, readout)
    } else {
        cpu::confusion::confusion(v, label, readout)
    }
}
