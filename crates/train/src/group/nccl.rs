//! A group whose GPU tensors are summed by NCCL. Everything else goes over TCP.

use super::collective::Collective;
use super::error::{GroupError, Result};
use super::tcp::Tcp;
use candle_core::cuda_backend::cudarc::driver::DeviceRepr;
use candle_core::cuda_backend::cudarc::nccl::{Comm, Id, NcclType, ReduceOp, result::NcclError};
use candle_core::cuda_backend::{CudaDType, CudaDevice, CudaStorage, DeviceId};
use candle_core::op::BackpropOp;
use candle_core::{DType, Device, Storage, Tensor, bail};
use std::fmt;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// Values of one call: enough to use the links fully, and few enough to leave memory for the network.
const BUCKET: usize = 1 << 25;

/// One process of a group that sums on one GPU.
pub struct Nccl {
    control: Tcp,
    communicator: Mutex<Option<Communicator>>,
}

/// NCCL's communicator for one device of this process.
struct Communicator {
    device: DeviceId,
    comm: Comm,
}

// SAFETY: a communicator may be used by any thread, one at a time (NCCL's documentation, "Thread Safety"); the mutex
// around it sees to that.
unsafe impl Send for Communicator {}

impl Nccl {
    /// Sums GPU tensors over the processes that `control` connects. They meet a second time, inside NCCL, when the first of
    /// these tensors are summed.
    pub fn over(control: Tcp) -> Nccl {
        Nccl { control, communicator: Mutex::new(None) }
    }

    /// Sums on `device`, in few large calls.
    fn sum_on(&self, device: &CudaDevice, tensors: &[Tensor]) -> Result<Vec<Tensor>> {
        // A rank that is gone is noticed here. Inside NCCL the others would wait for it.
        self.control.barrier()?;
        let mut communicator = self.communicator.lock().unwrap_or_else(PoisonError::into_inner);
        if communicator.as_ref().is_none_or(|known| known.device != device.id()) {
            *communicator = Some(Communicator { device: device.id(), comm: self.meet(device)? });
        }
        let comm = &communicator.as_ref().expect("it was just made").comm;
        let mut sums = Vec::with_capacity(tensors.len());
        for bucket in buckets(tensors) {
            sums.extend(add(comm, device, &tensors[bucket])?);
        }
        Ok(sums)
    }

    fn meet(&self, device: &CudaDevice) -> Result<Comm> {
        let refuse = |error: NcclError| GroupError::Nccl(format!("{error:?}"));
        let own = match self.control.rank() {
            0 => Id::new().map_err(refuse).inspect_err(|error| self.control.leave(&error.to_string()))?,
            _ => Id::uninit([0; 128]),
        };
        let bytes = self.control.broadcast_bytes(&own.internal().map(|c| c as u8), 128)?;
        let Ok(bytes) = <[u8; 128]>::try_from(bytes) else {
            return Err(GroupError::Mismatch("rank 0's NCCL id has not 128 bytes".into()));
        };
        let id = Id::uninit(bytes.map(|byte| byte as std::ffi::c_char));
        let (rank, size) = (self.control.rank(), self.control.size());
        Comm::from_rank(device.cuda_stream(), rank, size, id).map_err(refuse)
    }
}

/// Divides tensors, in order, into runs of about [`BUCKET`] values. A larger tensor is a run of its own.
fn buckets(tensors: &[Tensor]) -> Vec<Range<usize>> {
    let (mut runs, mut start, mut values) = (Vec::new(), 0, 0);
    for (i, tensor) in tensors.iter().enumerate() {
        if i > start && values + tensor.elem_count() > BUCKET {
            runs.push(start..i);
            (start, values) = (i, 0);
        }
        values += tensor.elem_count();
    }
    runs.push(start..tensors.len());
    runs
}

fn add(comm: &Comm, device: &CudaDevice, tensors: &[Tensor]) -> Result<Vec<Tensor>> {
    let flat = tensors.iter().map(Tensor::flatten_all).collect::<candle_core::Result<Vec<_>>>()?;
    if flat.iter().all(|t| t.elem_count() == 0) {
        return Ok(tensors.to_vec());
    }
    let packed = Tensor::cat(&flat, 0)?.contiguous()?;
    let sums = match packed.dtype() {
        DType::F32 => all_reduce::<f32>(comm, device, &packed)?,
        DType::F64 => all_reduce::<f64>(comm, device, &packed)?,
        other => return Ok(unknown(other)?),
    };
    let mut start = 0;
    let own = |tensor: &Tensor| {
        let part = sums.narrow(0, start, tensor.elem_count())?.reshape(tensor.shape())?;
        start += tensor.elem_count();
        Ok(part)
    };
    tensors.iter().map(own).collect()
}

fn unknown(dtype: DType) -> candle_core::Result<Vec<Tensor>> {
    bail!("a sum over ranks: expected f32 or f64, got {dtype:?}")
}

fn all_reduce<T: CudaDType + NcclType + DeviceRepr>(
    comm: &Comm,
    device: &CudaDevice,
    packed: &Tensor,
) -> Result<Tensor> {
    let count = packed.elem_count();
    let (storage, layout) = packed.storage_and_layout();
    let Storage::Cuda(storage) = &*storage else {
        return Err(GroupError::Nccl("a tensor left its GPU".into()));
    };
    let start = layout.start_offset();
    let own = storage.as_cuda_slice::<T>()?.slice(start..start + count);
    // SAFETY: NCCL writes all of it, on the stream that the tensor is used on afterwards.
    let mut sums = unsafe { device.alloc::<T>(count)? };
    let done = comm.all_reduce(&own, &mut sums, &ReduceOp::Sum);
    done.map_err(|error| GroupError::Nccl(format!("{error:?}")))?;
    let sums = Storage::Cuda(CudaStorage::wrap_cuda_slice(sums, device.clone()));
    Ok(Tensor::from_storage(sums, count, BackpropOp::none(), false))
}

impl Collective for Nccl {
    fn rank(&self) -> usize {
        self.control.rank()
    }

    fn size(&self) -> usize {
        self.control.size()
    }

    fn sum(&self, tensors: &[Tensor]) -> Result<Vec<Tensor>> {
        match tensors.first().map(Tensor::device) {
            Some(Device::Cuda(device)) => self.sum_on(device, tensors),
            _ => self.control.sum(tensors),
        }
    }

    fn sum_values(&self, values: &[f64]) -> Result<Vec<f64>> {
        self.control.sum_values(values)
    }

    fn broadcast_bytes(&self, bytes: &[u8], at_most: usize) -> Result<Vec<u8>> {
        self.control.broadcast_bytes(bytes, at_most)
    }

    fn still_works(&self) {
        self.control.still_works();
    }

    fn leave(&self, reason: &str) {
        self.control.leave(reason);
    }
}

impl fmt::Debug for Nccl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Nccl").field("control", &self.control).finish_non_exhaustive()
    }
}
