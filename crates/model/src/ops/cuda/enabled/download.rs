//! Bytes on their way from the device to the host.

use super::pinned::pinned;
use candle_core::Result;
use candle_core::cuda_backend::cudarc::driver::{
    CudaEvent, CudaSlice, DevicePtr, DeviceRepr, PinnedHostSlice, result, sys,
};
use candle_core::cuda_backend::{CudaDevice, DeviceId, WrapErr};
use std::fmt::{self, Debug, Formatter};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Memory that no copy uses, for the next ones: as much as was in use at a time.
static FREE: Mutex<Vec<(DeviceId, PinnedHostSlice<u8>)>> = Mutex::new(Vec::new());

/// A copy that is queued.
pub(crate) struct Download {
    device: CudaDevice,
    /// Absent once the bytes have arrived.
    memory: Option<PinnedHostSlice<u8>>,
    bytes: usize,
    copied: CudaEvent,
}

impl Download {
    /// Queues the copy of all elements behind what is queued already.
    pub(super) fn queue<T: DeviceRepr>(device: &CudaDevice, elements: &CudaSlice<T>) -> Result<Download> {
        let stream = device.cuda_stream();
        let context = stream.context();
        context.bind_to_thread().w()?;
        let bytes = elements.num_bytes();
        let copied = context.new_event(Some(sys::CUevent_flags::CU_EVENT_BLOCKING_SYNC)).w()?;
        let memory = Some(room(device, bytes)?);
        // From here on, whatever fails, the memory is given back behind the copy.
        let mut download = Download { device: device.clone(), memory, bytes, copied };
        let memory = download.memory.as_mut().expect("it was just put there");
        let memory = &mut memory.as_mut_slice().w()?[..bytes];
        let (address, _read) = elements.device_ptr(&stream);
        // SAFETY: both have so many bytes; the device's are freed in the stream's order, and nothing reads or frees the host's
        // before the event, or the stream, was waited for.
        unsafe { result::memcpy_dtoh_async(memory, address, stream.cu_stream()) }.w()?;
        if let Err(error) = download.copied.record(&stream) {
            // Without the event, the whole stream tells when the copy has ended.
            let _ = stream.synchronize();
            return Err(error).w();
        }
        Ok(download)
    }

    /// The bytes, once they have arrived. The thread sleeps until then.
    pub(crate) fn wait(mut self) -> Result<Vec<u8>> {
        self.copied.synchronize().w()?;
        let memory = self.memory.take().expect("nothing else takes it");
        let bytes = memory.as_slice().w()?[..self.bytes].to_vec();
        free().push((self.device.id(), memory));
        Ok(bytes)
    }
}

/// The copy of a download that nobody waited for ends before its memory is used for another one.
impl Drop for Download {
    fn drop(&mut self) {
        if let Some(memory) = self.memory.take()
            && self.copied.synchronize().is_ok()
        {
            free().push((self.device.id(), memory));
        }
    }
}

/// Numbers that the device counted, which are not negative, once they are there.
pub(super) fn counts(device: &CudaDevice, counted: &CudaSlice<i64>) -> Result<Vec<u64>> {
    let bytes = Download::queue(device, counted)?.wait()?;
    Ok(bytes
        .chunks_exact(8)
        .map(|chunk| u64::from_ne_bytes(chunk.try_into().expect("eight bytes")))
        .collect())
}

impl Debug for Download {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Download({} bytes)", self.bytes)
    }
}

/// Memory for so many bytes: the smallest free one with room, or a new one in the place of one that is too small.
fn room(device: &CudaDevice, bytes: usize) -> Result<PinnedHostSlice<u8>> {
    let mut free = free();
    let mut own: Vec<(usize, usize)> = Vec::new();
    for (place, (id, memory)) in free.iter().enumerate() {
        if *id == device.id() {
            own.push((memory.len(), place));
        }
    }
    if let Some((_, place)) = own.iter().filter(|(size, _)| *size >= bytes).min() {
        return Ok(free.swap_remove(*place).1);
    }
    let small = own.iter().max().map(|(_, place)| free.swap_remove(*place));
    // Not under the lock: the driver may wait for the device here.
    drop(free);
    drop(small);
    pinned(device, bytes, 0)
}

fn free() -> MutexGuard<'static, Vec<(DeviceId, PinnedHostSlice<u8>)>> {
    FREE.lock().unwrap_or_else(PoisonError::into_inner)
}
