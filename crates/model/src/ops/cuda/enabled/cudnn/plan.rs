//! One convolution in one direction: chosen and described once, run many times.

use super::choice::{Algorithm, choose};
use super::descriptors::Descriptors;
use super::handle::{Handle, handle};
use super::problem::{Direction, Problem};
use super::{failed, workspace};
use crate::ops::geometry::Conv2dShape;
use candle_core::cuda_backend::cudarc::cudnn::{CudnnError, result, sys};
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

/// The convolution in an order of memory for which cuDNN has a deterministic algorithm: with channels last where it can, as
/// it can for all types that networks are trained in.
pub(in crate::ops::cuda) fn ordered(
    device: &CudaDevice,
    direction: Direction,
    dtype: DType,
    shape: &Conv2dShape,
) -> Result<Problem> {
    let last = Problem { direction, dtype, shape: *shape, channels_last: true };
    let handle = handle(device)?;
    match plan(device, &handle, last) {
        Ok(_) => Ok(last),
        Err(_) => Ok(Problem { channels_last: false, ..last }),
    }
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

/// A plan, or why there is none.
type Known = std::result::Result<Rc<Plan>, String>;

fn plan(device: &CudaDevice, handle: &Handle, problem: Problem) -> Result<Rc<Plan>> {
    thread_local! {
        static PLANS: RefCell<HashMap<(DeviceId, Problem), Known>> = RefCell::default();
    }
    let known = PLANS.with_borrow_mut(|plans| {
        let plan = plans.entry((device.id(), problem));
        plan.or_insert_with(|| Plan::new(handle, problem).map(Rc::new).map_err(|e| e.to_string())).clone()
    });
    known.map_err(candle_core::Error::Msg)
}

impl Plan {
    fn new(handle: &Handle, problem: Problem) -> Result<Plan> {
        let made = Descriptors::new(&problem)?;
        let (algorithm, workspace) = choose(handle, &made, &problem)?;
        Ok(Plan { made, algorithm, workspace, double: problem.dtype == DType::F64 })
    }

    /// # Safety
    /// As [`run`], and `workspace` is the address of [`Plan::workspace`] bytes.
    unsafe fn launch(
        &self,
        handle: &Handle,
        at: Operands,
        workspace: u64,
    ) -> std::result::Result<(), CudnnError> {
        let (single, double) = ([1f32, 0.], [1f64, 0.]);
        let scalar = |i: usize| match self.double {
            true => (&raw const double[i]).cast::<c_void>(),
            false => (&raw const single[i]).cast::<c_void>(),
        };
        let [x, weight, y, space] = [at.x, at.weight, at.y, workspace].map(|address| address as *mut c_void);
        let call = Call {
            handle: handle.0,
            made: &self.made,
            one: scalar(0),
            zero: scalar(1),
            x,
            weight,
            y,
            space,
            bytes: self.workspace,
        };
        // SAFETY: promised by the caller; handle and descriptors live, and so do the scalars until the call is over.
        unsafe {
            match self.algorithm {
                Algorithm::Forward(algorithm) => call.forward(algorithm),
                Algorithm::Input(algorithm) => call.input_gradient(algorithm),
                Algorithm::Weight(algorithm) => call.weight_gradient(algorithm),
            }
        }
    }
}

/// What cuDNN is given in every direction: the result is `one` times what is computed plus `zero` times what was there.
struct Call<'a> {
    handle: sys::cudnnHandle_t,
    made: &'a Descriptors,
    one: *const c_void,
    zero: *const c_void,
    x: *mut c_void,
    weight: *mut c_void,
    y: *mut c_void,
    space: *mut c_void,
    /// Of the space.
    bytes: usize,
}

impl Call<'_> {
    /// # Safety
    /// The handle and the descriptors live, the scalars are of the type that belongs to the elements, and the addresses are
    /// of memory on the device that is as large as the descriptors and `bytes` say; so for all three functions.
    unsafe fn forward(
        &self,
        algorithm: sys::cudnnConvolutionFwdAlgo_t,
    ) -> std::result::Result<(), CudnnError> {
        let Descriptors { x, weight, y, convolution } = *self.made;
        // SAFETY: promised by the caller.
        unsafe {
            result::convolution_forward(
                self.handle,
                self.one,
                x,
                self.x,
                weight,
                self.weight,
                convolution,
                algorithm,
                self.space,
                self.bytes,
                self.zero,
                y,
                self.y,
            )
        }
    }

    /// # Safety
    /// That of [`Call::forward`].
    unsafe fn input_gradient(
        &self,
        algorithm: sys::cudnnConvolutionBwdDataAlgo_t,
    ) -> std::result::Result<(), CudnnError> {
        let Descriptors { x, weight, y, convolution } = *self.made;
        // SAFETY: promised by the caller.
        unsafe {
            result::convolution_backward_data(
                self.handle,
                self.one,
                weight,
                self.weight,
                y,
                self.y,
                convolution,
                algorithm,
                self.space,
                self.bytes,
                self.zero,
                x,
                self.x,
            )
        }
    }

    /// # Safety
    /// That of [`Call::forward`].
    unsafe fn weight_gradient(
        &self,
        algorithm: sys::cudnnConvolutionBwdFilterAlgo_t,
    ) -> std::result::Result<(), CudnnError> {
        let Descriptors { x, weight, y, convolution } = *self.made;
        // SAFETY: promised by the caller.
        unsafe {
            result::convolution_backward_filter(
                self.handle,
                self.one,
                x,
                self.x,
                y,
                self.y,
                convolution,
                algorithm,
                self.space,
                self.bytes,
                self.zero,
                weight,
                self.weight,
            )
        }
    }
}
