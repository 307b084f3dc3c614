//! A group whose GPU tensors are summed by NCCL. Everything else goes over TCP.

use super::collective::Collective;
use super::error::{GroupError, Result};
use super::tcp::Tcp;
use candle_core::cuda_backend::cudarc::driver::{CudaSlice, DeviceRepr};
use candle_core::cuda_backend::cudarc::nccl::{Comm, Id, NcclType, ReduceOp, result::NcclError};
use candle_core::cuda_backend::{CudaDType, CudaDevice, CudaStorage, DeviceId, WrapErr};
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
        let packed: Vec<Packed> = buckets(tensors)
            .into_iter()
            .map(|bucket| pack(device, &tensors[bucket]))
            .collect::<Result<_>>()?;
        // A rank that is gone, or had no memory left, is noticed here. Inside NCCL the others would wait for it.
        self.control.barrier()?;
        let mut communicator = self.communicator.lock().unwrap_or_else(PoisonError::into_inner);
        if communicator.as_ref().is_none_or(|known| known.device != device.id()) {
            *communicator = Some(Communicator { device: device.id(), comm: self.meet(device)? });
        }
        let comm = &communicator.as_ref().expect("it was just made").comm;
        match packed.into_iter().map(|bucket| bucket.sum(comm, device)).collect::<Result<Vec<_>>>() {
            Ok(sums) => Ok(sums.into_iter().flatten().collect()),
            Err(error) => {
                // Not dropped: cudarc then waits for NCCL, and panics where that fails.
                std::mem::forget(communicator.take());
                Err(error)
            }
        }
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
        // NCCL takes the device that is current in this thread.
        device.cuda_stream().context().bind_to_thread().w()?;
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

/// The tensors of a bucket, one behind the other, and room for their sums: all that needs memory.
struct Packed {
    tensors: Vec<Tensor>,
    values: Tensor,
    sums: Sums,
}

/// Room for sums of the values' type.
enum Sums {
    F32(CudaSlice<f32>),
    F64(CudaSlice<f64>),
}

fn pack(device: &CudaDevice, tensors: &[Tensor]) -> Result<Packed> {
    let flat = tensors.iter().map(Tensor::flatten_all).collect::<candle_core::Result<Vec<_>>>()?;
    let values = Tensor::cat(&flat, 0)?.contiguous()?;
    let count = values.elem_count();
    // SAFETY: NCCL writes all of it, on the stream that the tensor is used on afterwards.
    let sums = unsafe {
        match values.dtype() {
            DType::F32 => Sums::F32(device.alloc(count)?),
            DType::F64 => Sums::F64(device.alloc(count)?),
            other => return Ok(unknown(other)?),
        }
    };
    Ok(Packed { tensors: tensors.to_vec(), values, sums })
}

fn unknown(dtype: DType) -> candle_core::Result<Packed> {
    bail!("a sum over ranks: expected f32 or f64, got {dtype:?}")
}

impl Packed {
    /// The sums over all ranks, in the tensors' shapes.
    fn sum(self, comm: &Comm, device: &CudaDevice) -> Result<Vec<Tensor>> {
        let sums = match self.sums {
            Sums::F32(sums) => all_reduce(comm, device, &self.values, sums)?,
            Sums::F64(sums) => all_reduce(comm, device, &self.values, sums)?,
        };
        let mut start = 0;
        let own = |tensor: &Tensor| {
            let part = sums.narrow(0, start, tensor.elem_count())?.reshape(tensor.shape())?;
            start += tensor.elem_count();
            Ok(part)
        };
        self.tensors.iter().map(own).collect()
    }
}

fn all_reduce<T: CudaDType + NcclType + DeviceRepr>(
    comm: &Comm,
    device: &CudaDevice,
    values: &Tensor,
    mut sums: CudaSlice<T>,
) -> Result<Tensor> {
    let count = values.elem_count();
    let (storage, layout) = values.storage_and_layout();
    let Storage::Cuda(storage) = &*storage else {
        return Err(GroupError::Nccl("a tensor left its GPU".into()));
    };
    let start = layout.start_offset();
    let own = storage.as_cuda_slice::<T>()?.slice(start..start + count);
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
            Some(_) if tensors.iter().all(|tensor| tensor.elem_count() == 0) => Ok(tensors.to_vec()),
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
