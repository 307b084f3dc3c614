//! Label maps as tensors.

use super::cuda;
use candle_core::{Device, Result, Tensor};

/// Labels as a U8 tensor of this shape, which holds as many.
///
/// # Errors
/// When the memory is full.
pub(crate) fn labels(labels: &[u8], shape: [usize; 3], device: &Device) -> Result<Tensor> {
    match device {
        Device::Cuda(_) if !labels.is_empty() => cuda::labels::labels(labels, shape, device),
        _ => Tensor::from_slice(labels, &shape, device),
    }
}
