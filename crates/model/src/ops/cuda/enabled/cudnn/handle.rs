//! cuDNN's handle: one for each thread and device, since it must not be used by two threads at once.

use super::failed;
use candle_core::Result;
use candle_core::cuda_backend::cudarc::cudnn::{result, sys};
use candle_core::cuda_backend::{CudaDevice, DeviceId, WrapErr};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// A handle that works on its device's stream.
pub(super) struct Handle(pub(super) sys::cudnnHandle_t);

/// The calling thread's handle for `device`.
pub(super) fn handle(device: &CudaDevice) -> Result<Rc<Handle>> {
    thread_local! {
        static HANDLES: RefCell<HashMap<DeviceId, Rc<Handle>>> = RefCell::default();
    }
    HANDLES.with_borrow_mut(|handles| {
        if let Some(known) = handles.get(&device.id()) {
            return Ok(known.clone());
        }
        let stream = device.cuda_stream();
        stream.context().bind_to_thread().w()?;
        let handle = result::create_handle().map_err(|e| failed("starting it", e))?;
        let made = Rc::new(Handle(handle));
        // SAFETY: the handle was just made, and the device keeps its stream for as long as it lives.
        unsafe { result::set_stream(handle, stream.cu_stream() as sys::cudaStream_t) }
            .map_err(|e| failed("setting its stream", e))?;
        handles.insert(device.id(), made.clone());
        Ok(made)
    })
}

impl Drop for Handle {
    fn drop(&mut self) {
        // A thread that ends while the driver shuts down cannot do anything about a failure here.
        // SAFETY: the handle is destroyed once, and the plans that hold descriptors do not need it any more.
        let _ = unsafe { result::destroy_handle(self.0) };
    }
}
