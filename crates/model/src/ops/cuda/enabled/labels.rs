//! Label maps on the device.

use super::upload::upload;
use candle_core::cuda_backend::CudaStorage;
use candle_core::op::BackpropOp;
use candle_core::{Device, Result, Storage, Tensor};

/// Labels `[N, H, W]`, at least one, as U8. The copy is queued, and does not wait for what was queued before it.
pub(in crate::ops) fn labels(labels: &[u8], shape: [usize; 3], device: &Device) -> Result<Tensor> {
    let device = device.as_cuda_device()?;
    let storage = CudaStorage::wrap_cuda_slice(upload(device, &[labels])?, device.clone());
    Ok(Tensor::from_storage(Storage::Cuda(storage), &shape, BackpropOp::none(), false))
}
