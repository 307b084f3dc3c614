//! cuDNN's handle: one for each stream, since it must not be used by two threads at once.

use super::failed;
use candle_core::Result;
use candle_core::cuda_backend::cudarc::cudnn::{result, sys};
use candle_core::cuda_backend::{CudaDevice, WrapErr};

/// A handle that works on its device's stream.
pub(super) struct Handle(pub(super) sys::cudnnHandle_t);

impl Handle {
    /// A handle for the stream that `device` has in this thread.
    pub(super) fn new(device: &CudaDevice) -> Result<Handle> {
        let stream = device.cuda_stream();
        stream.context().bind_to_thread().w()?;
        let made = Handle(result::create_handle().map_err(|e| failed("starting it", e))?);
        // SAFETY: the handle was just made, and the device keeps its stream for as long as it lives.
        unsafe { result::set_stream(made.0, stream.cu_stream() as sys::cudaStream_t) }
            .map_err(|e| failed("setting its stream", e))?;
        Ok(made)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // A thread that ends while the driver shuts down cannot do anything about a failure here.
        // SAFETY: the handle is destroyed once, and the plans that hold descriptors do not need it any more.
        let _ = unsafe { result::destroy_handle(self.0) };
    }
}
