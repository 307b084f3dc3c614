//! One convolution in one direction: described once, run many times.

use super::choice::{Engine, choose};
use super::descriptor::{Address, Descriptor, Outcome};
use super::graph::{ALIGNMENT, Graph, WEIGHT, X, Y};
use super::handle::{Handle, handle};
use super::problem::Problem;
use super::{failed, workspace};
use candle_core::cuda_backend::cudarc::cudnn::sys;
use candle_core::cuda_backend::{CudaDevice, DeviceId};
use candle_core::{Result, bail};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::c_void;
use std::rc::Rc;
use sys::cudnnBackendAttributeName_t as Name;
use sys::cudnnBackendDescriptorType_t as Kind;

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
    let Operands { x, weight, y } = operands;
    if (x | weight | y) % ALIGNMENT != 0 {
        bail!(
            "conv2d: expected tensors at multiples of {ALIGNMENT} bytes, got {x:#x}, {weight:#x} and {y:#x}"
        );
    }
    workspace::with(device, plan.engine.workspace, |address| {
        let addresses = [x, weight, y].map(|address| Address(address as *mut c_void));
        let pack =
            pack(addresses, Address(address as *mut c_void)).map_err(|e| failed("packing operands", e))?;
        // SAFETY: promised by the caller; the workspace is as large as the plan says.
        unsafe { plan.engine.plan.execute(&handle, &pack) }.map_err(|e| failed(&format!("{problem:?}"), e))
    })
}

fn pack(addresses: [Address; 3], workspace: Address) -> Outcome<Descriptor> {
    Descriptor::new(Kind::CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR)?
        .with(Name::CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, &[X, WEIGHT, Y])?
        .with(Name::CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, &addresses)?
        .with(Name::CUDNN_ATTR_VARIANT_PACK_WORKSPACE, &[workspace])?
        .finished()
}

/// What is kept for a problem. It belongs to the thread that made it, as its handle does.
struct Plan {
    engine: Engine,
    // Destroyed after the engine that refers to it.
    _graph: Graph,
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
        let graph = Graph::new(handle, &problem)?;
        let engine = choose(handle, &graph, &problem)?;
        Ok(Plan { engine, _graph: graph })
    }
}
