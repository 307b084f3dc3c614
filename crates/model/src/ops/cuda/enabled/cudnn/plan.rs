//! One convolution in one direction: chosen and described once, run many times.

use super::choice::{Algorithm, choose};
use super::descriptors::Descriptors;
use super::handle::{Handle, handle};
use super::problem::Problem;
use super::{failed, workspace};
use candle_core::cuda_backend::cudarc::cudnn::{CudnnError, result};
use candle_core::cuda_backend::{CudaDevice, DeviceId};
use candle_core::{DType, Result};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::c_void;
use std::rc::Rc;

/// Device addresses of the three tensors, or of their gradients.
#[derive(Clone, Copy)]
pub(in crate::ops::cuda) struct Operands {
    pub(in crate::ops::cuda) x: u64,
    pub(in crate::ops::cuda) weight: u64,
    pub(in crate::ops::cuda) y: u64,
}

/// Queues the convolution on the device's stream.
///
/// # Safety
/// The addresses are those of tensors of the problem's shapes and type on `device`; the one that is computed is written.
pub(in crate::ops::cuda) unsafe fn run(
    device: &CudaDevice,
    problem: Problem,
    operands: Operands,
) -> Result<()> {
    let handle = handle(device)?;
    let plan = plan(device, &handle, problem)?;
    workspace::with(device, plan.workspace, |address| {
        // SAFETY: promised by the caller; the workspace is as large as the plan says.
        unsafe { plan.launch(&handle, operands, address) }
            .map_err(|e| failed(&format!("{problem:?} by {:?}", plan.algorithm), e))
    })
}

/// What is kept for a problem. It belongs to the thread that made it, as its handle does.
struct Plan {
    made: Descriptors,
    algorithm: Algorithm,
    workspace: usize,
    /// Whether cuDNN takes its scalars in f64, as it does for elements of f64.
    double: bool,
}

fn plan(device: &CudaDevice, handle: &Handle, problem: Problem) -> Result<Rc<Plan>> {
    thread_local! {
        static PLANS: RefCell<HashMap<(DeviceId, Problem), Rc<Plan>>> = RefCell::default();
    }
    PLANS.with_borrow_mut(|plans| {
        let key = (device.id(), problem);
        if let Some(known) = plans.get(&key) {
            return Ok(known.clone());
        }
        let made = Descriptors::new(&problem)?;
        let (algorithm, workspace) = choose(handle, &made, &problem)?;
        let plan = Rc::new(Plan { made, algorithm, workspace, double: problem.dtype == DType::F64 });
        plans.insert(key, plan.clone());
        Ok(plan)
    })
}

impl Plan {
    /// # Safety
    /// As [`run`], and `workspace` is the address of [`Plan::workspace`] bytes.
    unsafe fn launch(
        &self,
        handle: &Handle,
        at: Operands,
        workspace: u64,
    ) -> std::result::Result<(), CudnnError> {
        let (one, zero) = ([1f32, 0.], [1f64, 0.]);
        let scalar = |i: usize| match self.double {
            true => (&raw const zero[i]).cast::<c_void>(),
            false => (&raw const one[i]).cast::<c_void>(),
        };
        let (one, zero) = (scalar(0), scalar(1));
        let Descriptors { x, weight, y, convolution } = self.made;
        let (px, pw, py) = (at.x as *mut c_void, at.weight as *mut c_void, at.y as *mut c_void);
        let (space, bytes, h) = (workspace as *mut c_void, self.workspace, handle.0);
        // SAFETY: promised by the caller; handle and descriptors live.
        unsafe {
            match self.algorithm {
                Algorithm::Forward(a) => result::convolution_forward(
                    h,
                    one,
                    x,
                    px,
                    weight,
                    pw,
                    convolution,
                    a,
                    space,
                    bytes,
                    zero,
                    y,
                    py,
                ),
                Algorithm::Input(a) => result::convolution_backward_data(
                    h,
                    one,
                    weight,
                    pw,
                    y,
                    py,
                    convolution,
                    a,
                    space,
                    bytes,
                    zero,
                    x,
                    px,
                ),
                Algorithm::Weight(a) => result::convolution_backward_filter(
                    h,
                    one,
                    x,
                    px,
                    y,
                    py,
                    convolution,
                    a,
                    space,
                    bytes,
                    zero,
                    weight,
                    pw,
                ),
            }
        }
    }
}
