//! Runs convolutions by their plans.

use super::descriptor::{Address, Descriptor, Outcome};
use super::failed;
use super::graph::{ALIGNMENT, WEIGHT, X, Y};
use super::handle::Handle;
use super::plan::Plan;
use super::problem::Problem;
use super::stream_state::{self, Plans, StreamState};
use candle_core::cuda_backend::CudaDevice;
use candle_core::cuda_backend::cudarc::cudnn::sys;
use candle_core::{Result, bail};
use std::collections::hash_map::Entry;
use std::ffi::c_void;
use sys::cudnnBackendAttributeName_t as Name;
use sys::cudnnBackendDescriptorType_t as Kind;

/// Plans that are kept: those of about sixty sizes of pictures. When there are more, all are made anew as they are needed.
const MOST_PLANS: usize = 4096;

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
    let Operands { x, weight, y } = operands;
    if (x | weight | y) % ALIGNMENT != 0 {
        bail!(
            "conv2d: expected tensors at multiples of {ALIGNMENT} bytes, got {x:#x}, {weight:#x} and {y:#x}"
        );
    }
    stream_state::with(device, |StreamState { plans, workspace, handle }| {
        let engine = &plan(plans, handle, problem)?.engine;
        let room = workspace.address(device, engine.workspace)?;
        let addresses = [x, weight, y].map(|address| Address(address as *mut c_void));
        let pack =
            pack(addresses, Address(room as *mut c_void)).map_err(|e| failed("packing operands", e))?;
        // SAFETY: promised by the caller; the workspace is as large as the plan says.
        unsafe { engine.plan.execute(handle, &pack) }.map_err(|e| failed(&format!("{problem:?}"), e))
    })
}

/// The plan for the problem, which is kept. A failure is not: memory that was short may be there the next time.
fn plan<'p>(plans: &'p mut Plans, handle: &Handle, problem: Problem) -> Result<&'p Plan> {
    if !plans.contains_key(&problem) && plans.len() >= MOST_PLANS {
        plans.clear();
    }
    match plans.entry(problem) {
        Entry::Occupied(known) => Ok(known.into_mut()),
        Entry::Vacant(place) => Ok(place.insert(Plan::new(handle, problem)?)),
    }
}

fn pack(addresses: [Address; 3], workspace: Address) -> Outcome<Descriptor> {
    Descriptor::new(Kind::CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR)?
        .with(Name::CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, &[X, WEIGHT, Y])?
        .with(Name::CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, &addresses)?
        .with(Name::CUDNN_ATTR_VARIANT_PACK_WORKSPACE, &[workspace])?
        .finished()
}
