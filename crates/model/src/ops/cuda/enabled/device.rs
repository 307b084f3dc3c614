//! Opening a GPU.

use candle_core::cuda_backend::cudarc::driver::sys;
use candle_core::cuda_backend::{CudaDevice, WrapErr};
use candle_core::{Device, Result};

/// GPU number `index`, with one stream for all threads.
///
/// # Errors
/// When there is no such GPU, or its driver fails.
pub(crate) fn open(index: usize) -> Result<Device> {
    // Candle's default is one stream per thread, and then nothing would make a network's first use on one thread wait for
    // its weights, which another thread sent.
    let device = Device::new_cuda_with_stream(index)?;
    // SAFETY: with a single stream every use of a tensor comes after the work that made it, and its memory is freed in
    // that order too, so no events are needed.
    unsafe { device.as_cuda_device()?.disable_event_tracking() };
    keep_freed_memory(device.as_cuda_device()?)?;
    Ok(device)
}

/// Whether the device's stream is another one in each thread (`CU_STREAM_PER_THREAD` of cuda.h), as on a device that candle
/// opened.
pub(super) fn has_stream_per_thread(device: &CudaDevice) -> bool {
    device.cuda_stream().cu_stream() as usize == 2
}

/// Makes what this thread has queued visible to all threads, before something is kept that all use. On a device with one stream
/// it is anyway.
///
/// # Errors
/// When the driver fails.
pub(super) fn publish(device: &CudaDevice) -> Result<()> {
    if has_stream_per_thread(device) { device.cuda_stream().synchronize().w() } else { Ok(()) }
}

/// The most bytes that tensors had at a time since the last call; `None` where the device has no pool that knows.
///
/// # Errors
/// When the driver fails.
pub(crate) fn most_memory(device: &CudaDevice) -> Result<Option<u64>> {
    let Some(pool) = pool(device)? else { return Ok(None) };
    let attribute = sys::CUmemPool_attribute::CU_MEMPOOL_ATTR_USED_MEM_HIGH;
    let mut most = 0u64;
    // SAFETY: the pool is the device's own, and this attribute is a u64.
    unsafe { sys::cuMemPoolGetAttribute(pool, attribute, (&raw mut most).cast()) }.result().w()?;
    let mut none = 0u64;
    // SAFETY: as above; 0 is the one value that it may be set to.
    unsafe { sys::cuMemPoolSetAttribute(pool, attribute, (&raw mut none).cast()) }.result().w()?;
    Ok(Some(most))
}

/// Keeps memory that tensors give back in the device's pool, for the next ones. By default the driver returns it to the
/// system whenever the program waits for the device, and then each step of a training maps all of its memory anew.
fn keep_freed_memory(device: &CudaDevice) -> Result<()> {
    let Some(pool) = pool(device)? else { return Ok(()) };
    let mut threshold = u64::MAX;
    let attribute = sys::CUmemPool_attribute::CU_MEMPOOL_ATTR_RELEASE_THRESHOLD;
    // SAFETY: the pool is the device's own, and this attribute is a u64.
    unsafe { sys::cuMemPoolSetAttribute(pool, attribute, (&raw mut threshold).cast()) }.result().w()
}

/// The pool that memory comes from, if the device has one.
fn pool(device: &CudaDevice) -> Result<Option<sys::CUmemoryPool>> {
    let context = device.cuda_stream().context().clone();
    if !context.has_async_alloc() {
        return Ok(None);
    }
    let mut pool = std::ptr::null_mut();
    // SAFETY: the context's device exists, and `pool` is written before it is read.
    unsafe { sys::cuDeviceGetDefaultMemPool(&mut pool, context.cu_device()) }.result().w()?;
    Ok(Some(pool))
}
