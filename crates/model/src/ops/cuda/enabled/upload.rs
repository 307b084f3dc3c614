//! Bytes on their way from the host to the device.

use super::pinned::pinned;
use candle_core::Result;
use candle_core::cuda_backend::cudarc::driver::{
    CudaEvent, CudaSlice, DevicePtrMut, PinnedHostSlice, result, sys,
};
use candle_core::cuda_backend::{CudaDevice, DeviceId, WrapErr};
use std::cell::RefCell;
use std::collections::HashMap;

/// A buffer on the host, which it only writes, and the last copy from it.
#[derive(Default)]
struct Buffer {
    memory: Option<PinnedHostSlice<u8>>,
    copied: Option<CudaEvent>,
}

thread_local! {
    /// Each thread keeps a buffer for each device, which grows.
    static BUFFERS: RefCell<HashMap<DeviceId, Buffer>> = RefCell::default();
}

/// The parts, one behind the other, on the device; the copy is queued.
pub(super) fn upload(device: &CudaDevice, parts: &[&[u8]]) -> Result<CudaSlice<u8>> {
    let bytes = parts.iter().map(|part| part.len()).sum();
    // SAFETY: every byte is written before anything reads it.
    let mut made = unsafe { device.alloc::<u8>(bytes)? };
    BUFFERS.with_borrow_mut(|buffers| {
        let buffer = buffers.entry(device.id()).or_default();
        let memory = buffer.of(device, bytes)?;
        let mut rest = &mut *memory;
        for part in parts {
            let (place, behind) = rest.split_at_mut(part.len());
            place.copy_from_slice(part);
            rest = behind;
        }
        let stream = device.cuda_stream();
        {
            stream.context().bind_to_thread().w()?;
            let (address, _written) = made.device_ptr_mut(&stream);
            // SAFETY: both have so many bytes, and those of the host stay as they are until the event below, or the stream, was
            // waited for.
            unsafe { result::memcpy_htod_async(address, memory, stream.cu_stream()) }.w()?;
        }
        match stream.record_event(None) {
            Ok(event) => buffer.copied = Some(event),
            Err(error) => {
                // Without the event, the whole stream tells when the copy has ended.
                let _ = stream.synchronize();
                return Err(error).w();
            }
        }
        Ok(made)
    })
}

/// The thread may end before its last copy.
impl Drop for Buffer {
    fn drop(&mut self) {
        if let Some(copied) = self.copied.take() {
            // Where this fails, no copy is under way any more.
            let _ = copied.synchronize();
        }
    }
}

impl Buffer {
    /// So many bytes that no copy uses any more.
    fn of(&mut self, device: &CudaDevice, bytes: usize) -> Result<&mut [u8]> {
        if let Some(copied) = self.copied.take() {
            copied.synchronize().w()?;
        }
        if self.memory.as_ref().is_none_or(|memory| memory.len() < bytes) {
            // Freed first, so that the two do not add up.
            self.memory = None;
            self.memory = Some(pinned(device, bytes, sys::CU_MEMHOSTALLOC_WRITECOMBINED)?);
        }
        let memory = self.memory.as_mut().expect("it was just put there");
        Ok(&mut memory.as_mut_slice().w()?[..bytes])
    }
}
