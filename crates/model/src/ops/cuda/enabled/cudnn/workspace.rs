//! The memory that engines use beside their tensors: one growing buffer for each thread and device.

use candle_core::Result;
use candle_core::cuda_backend::cudarc::driver::{CudaSlice, DevicePtrMut};
use candle_core::cuda_backend::{CudaDevice, DeviceId};
use std::cell::RefCell;
use std::collections::HashMap;

/// Calls `launch` with the address of at least `bytes` bytes (0 where none are needed), which are not cleared.
///
/// The buffer belongs to the thread, because a device that was opened by candle has a stream for each thread, and work on two
/// streams runs at the same time. On one stream a launch ends before the next begins, and a buffer that grows is freed on that
/// stream, after its last use.
pub(super) fn with<R>(device: &CudaDevice, bytes: usize, launch: impl FnOnce(u64) -> Result<R>) -> Result<R> {
    thread_local! {
        static BUFFERS: RefCell<HashMap<DeviceId, CudaSlice<u8>>> = RefCell::default();
    }
    if bytes == 0 {
        return launch(0);
    }
    BUFFERS.with_borrow_mut(|buffers| {
        if buffers.get(&device.id()).is_none_or(|buffer| buffer.len() < bytes) {
            // Freed first, so that the two do not add up.
            buffers.remove(&device.id());
            // SAFETY: an engine writes its workspace before it reads it.
            let larger = unsafe { device.alloc::<u8>(bytes.next_multiple_of(1 << 20))? };
            buffers.insert(device.id(), larger);
        }
        let stream = device.cuda_stream();
        let buffer = buffers.get_mut(&device.id()).expect("it was just put there");
        let (address, _written) = buffer.device_ptr_mut(&stream);
        launch(address)
    })
}
