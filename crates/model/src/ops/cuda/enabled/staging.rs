//! Bytes between host and device through memory that the system does not move.
//!
//! The device copies such memory by itself, several times faster than the driver copies other memory in pieces, and the
//! stream waits for less. Each thread keeps two buffers for each device, which grow.

use candle_core::Result;
use candle_core::cuda_backend::cudarc::driver::{
    CudaEvent, CudaSlice, DevicePtr, DevicePtrMut, PinnedHostSlice, result, sys,
};
use candle_core::cuda_backend::{CudaDevice, DeviceId, WrapErr};
use std::cell::RefCell;
use std::collections::HashMap;

/// A buffer on the host, and the last copy from it.
#[derive(Default)]
struct Buffer {
    memory: Option<PinnedHostSlice<u8>>,
    copied: Option<CudaEvent>,
}

/// The buffers of a device: for bytes to it, which the host only writes, and for bytes from it.
#[derive(Default)]
struct Buffers {
    to: Buffer,
    from: Buffer,
}

thread_local! {
    static BUFFERS: RefCell<HashMap<DeviceId, Buffers>> = RefCell::default();
}

/// The parts, one behind the other, on the device; the copy is queued.
pub(super) fn to_device(device: &CudaDevice, parts: &[&[u8]]) -> Result<CudaSlice<u8>> {
    let bytes = parts.iter().map(|part| part.len()).sum();
    // SAFETY: every byte is written before anything reads it.
    let mut made = unsafe { device.alloc::<u8>(bytes)? };
    BUFFERS.with_borrow_mut(|buffers| {
        let buffer = &mut buffers.entry(device.id()).or_default().to;
        let memory = buffer.of(device, bytes, sys::CU_MEMHOSTALLOC_WRITECOMBINED)?;
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
            // SAFETY: both have so many bytes, and those of the host stay as they are until the event below.
            unsafe { result::memcpy_htod_async(address, memory, stream.cu_stream()) }.w()?;
        }
        buffer.copied = Some(stream.record_event(None).w()?);
        Ok(made)
    })
}

/// The bytes on the host, after all that is queued.
pub(super) fn to_host(device: &CudaDevice, bytes: &CudaSlice<u8>) -> Result<Vec<u8>> {
    BUFFERS.with_borrow_mut(|buffers| {
        let buffer = &mut buffers.entry(device.id()).or_default().from;
        let memory = buffer.of(device, bytes.len(), 0)?;
        let stream = device.cuda_stream();
        stream.context().bind_to_thread().w()?;
        let (address, _read) = bytes.device_ptr(&stream);
        // SAFETY: both have so many bytes, and the stream is waited for before they are read.
        unsafe { result::memcpy_dtoh_async(memory, address, stream.cu_stream()) }.w()?;
        stream.record_event(Some(sys::CUevent_flags::CU_EVENT_BLOCKING_SYNC)).w()?.synchronize().w()?;
        Ok(memory.to_vec())
    })
}

impl Buffer {
    /// So many bytes that no copy uses any more.
    fn of(&mut self, device: &CudaDevice, bytes: usize, flags: u32) -> Result<&mut [u8]> {
        if let Some(copied) = self.copied.take() {
            copied.synchronize().w()?;
        }
        if self.memory.as_ref().is_none_or(|memory| memory.len() < bytes) {
            // Freed first, so that the two do not add up.
            self.memory = None;
            let context = device.cuda_stream().context().clone();
            // SAFETY: bytes of any value are bytes; they are written before they are read.
            let memory = unsafe { context.alloc_pinned_with_flags::<u8>(bytes.next_power_of_two(), flags) };
            self.memory = Some(memory.w()?);
        }
        let memory = self.memory.as_mut().expect("it was just put there");
        Ok(&mut memory.as_mut_slice().w()?[..bytes])
    }
}
