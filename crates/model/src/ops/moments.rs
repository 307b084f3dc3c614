//! Sums of logits and of their products by predicted class, from the network's outputs.

use super::classes::check;
use super::cuda;
use super::head::Readout;
use candle_core::{Result, Tensor, bail};

/// For each predicted class of each image: the number of its pixels, the sums of the `K` logits, and of the upper triangle
/// of their products, row by row: `[N, K, 1 + K + K (K + 1) / 2]`. `v` is `[N, C, h, w]`, and `classes` the class of each
/// pixel at `size` (height, width). `None` on a CPU, which has no kernel for it.
///
/// # Errors
/// When the shapes do not belong together, or the kernel fails.
pub(crate) fn moments(
    v: &Tensor,
    classes: &[u8],
    size: (usize, usize),
    readout: Readout,
) -> Result<Option<Vec<f64>>> {
    if !v.device().is_cuda() {
        return Ok(None);
    }
    check("moments", v, size, readout)?;
    if classes.len() != v.dim(0)? * size.0 * size.1 {
        bail!(
            "moments: expected a class for each pixel at {size:?}, got {:?} and {}",
            v.dims(),
            classes.len()
        );
    }
    if classes.is_empty() {
        return Ok(Some(Vec::new()));
    }
    cuda::moments::moments(v, classes, size, readout).map(Some)
}
