//! Runs convolutions by their plans.

use super::descriptor::{Address, Descriptor, Outcome};
use super::failed;
use super::graph::{ALIGNMENT, WEIGHT, X, Y};
use super::plan::Plan;
use super::problem::Problem;
use super::stream_state::{self, StreamState};
use candle_core::cuda_backend::CudaDevice;
use candle_core::cuda_backend::cudarc::cudnn::sys;
use candle_core::{Error, Result, bail};
use std::ffi::c_void;
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
    let Operands { x, weight, y } = operands;
    if (x | weight | y) % ALIGNMENT != 0 {
        bail!(
            "conv2d: expected tensors at multiples of {ALIGNMENT} bytes, got {x:#x}, {weight:#x} and {y:#x}"
        );
    }
    stream_state::with(device, |StreamState { plans, workspace, handle }| {
        let plan =
            plans.entry(problem).or_insert_with(|| Plan::new(handle, problem).map_err(|e| e.to_string()));
        let engine = &plan.as_ref().map_err(|reason| Error::Msg(reason.clone()))?.engine;
        let room = workspace.address(device, engine.workspace)?;
        let addresses = [x, weight, y].map(|address| Address(address as *mut c_void));
        let pack =
            pack(addresses, Address(room as *mut c_void)).map_err(|e| failed("packing operands", e))?;
        // SAFETY: promised by the caller; the workspace is as large as the plan says.
        unsafe { engine.plan.execute(handle, &pack) }.map_err(|e| failed(&format!("{problem:?}"), e))
    })
}

fn pack(addresses: [Address; 3], workspace: Address) -> Outcome<Descriptor> {
    Descriptor::new(Kind::CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR)?
        .with(Name::CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, &[X, WEIGHT, Y])?
        .with(Name::CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, &addresses)?
        .with(Name::CUDNN_ATTR_VARIANT_PACK_WORKSPACE, &[workspace])?
        .finished()
}
