//! What convolutions on one stream share: cuDNN's handle, the plans that were made with it, and work space.
//!
//! A device that this crate opened has one stream for all threads, and then they share one state, so that plans are made once.
//! A device that candle opened has a stream for each thread, work on two streams runs at the same time, and so each thread
//! has a state of its own.

use super::handle::Handle;
use super::plan::Plan;
use super::problem::Problem;
use super::workspace::Workspace;
use crate::ops::cuda::device::has_stream_per_thread;
use candle_core::Result;
use candle_core::cuda_backend::{CudaDevice, DeviceId, WrapErr};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// The plans that were made.
pub(super) type Plans = HashMap<Problem, Plan>;

/// It is used under a lock, which is held while a convolution is queued.
pub(super) struct StreamState {
    // Destroyed before the handle, with which they were made.
    pub(super) plans: Plans,
    pub(super) workspace: Workspace,
    pub(super) handle: Handle,
}

// SAFETY: a state is used under its lock, by one thread at a time, which is all that cuDNN asks of those that share a handle and
// what was made with it.
unsafe impl Send for StreamState {}

type States = HashMap<DeviceId, Arc<Mutex<StreamState>>>;

/// Calls `work` with the state of the device's stream, which nothing else uses meanwhile.
pub(super) fn with<R>(device: &CudaDevice, work: impl FnOnce(&mut StreamState) -> Result<R>) -> Result<R> {
    static SHARED: LazyLock<Mutex<States>> = LazyLock::new(Mutex::default);
    thread_local! {
        static OWN: RefCell<States> = RefCell::default();
    }
    let state = if has_stream_per_thread(device) {
        OWN.with_borrow_mut(|states| of(states, device))?
    } else {
        of(&mut SHARED.lock().unwrap_or_else(PoisonError::into_inner), device)?
    };
    device.cuda_stream().context().bind_to_thread().w()?;
    work(&mut state.lock().unwrap_or_else(PoisonError::into_inner))
}

fn of(states: &mut States, device: &CudaDevice) -> Result<Arc<Mutex<StreamState>>> {
    if let Some(known) = states.get(&device.id()) {
        return Ok(known.clone());
    }
    let handle = Handle::new(device)?;
    let state = StreamState { plans: Plans::new(), workspace: Workspace::default(), handle };
    let state = Arc::new(Mutex::new(state));
    states.insert(device.id(), state.clone());
    Ok(state)
}
