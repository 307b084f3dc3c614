//! The memory that engines use beside their tensors: one growing buffer for each stream.

use candle_core::Result;
use candle_core::cuda_backend::CudaDevice;
use candle_core::cuda_backend::cudarc::driver::{CudaSlice, DevicePtrMut};

/// A buffer for the work on one stream: there a launch ends before the next begins, and a buffer that grows is freed after
/// its last use.
#[derive(Default)]
pub(super) struct Workspace(Option<CudaSlice<u8>>);

impl Workspace {
    /// The address of at least `bytes` bytes (0 where none are needed), which are not cleared.
    pub(super) fn address(&mut self, device: &CudaDevice, bytes: usize) -> Result<u64> {
        if bytes == 0 {
            return Ok(0);
        }
        if self.0.as_ref().is_none_or(|buffer| buffer.len() < bytes) {
            // Freed first, so that the two do not add up.
            self.0 = None;
            // SAFETY: an engine writes its workspace before it reads it.
            self.0 = Some(unsafe { device.alloc::<u8>(bytes.next_multiple_of(1 << 20))? });
        }
        let buffer = self.0.as_mut().expect("it was just put there");
        Ok(buffer.device_ptr_mut(&device.cuda_stream()).0)
    }
}
