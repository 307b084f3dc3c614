//! Opening a GPU.

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
    Ok(device)
}
