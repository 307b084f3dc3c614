//! candle's storage on a GPU as typed views.

use candle_core::backend::BackendStorage;
use candle_core::cuda_backend::cudarc::driver::{CudaSlice, CudaView, DeviceRepr};
use candle_core::cuda_backend::{CudaDType, CudaDevice, CudaStorage};
use candle_core::op::BackpropOp;
use candle_core::{DType, Layout, Result, Shape, Storage, Tensor, WithDType, bail};

/// An element type of the kernels.
pub(super) trait Element: CudaDType + DeviceRepr + WithDType {
    /// In what its kernels compute; what parameters and sums that belong to such elements are kept in.
    type Arithmetic: Element;
}
impl Element for f32 {
    type Arithmetic = f32;
}
impl Element for f64 {
    type Arithmetic = f64;
}
impl Element for half::bf16 {
    type Arithmetic = f32;
}
impl Element for u8 {
    type Arithmetic = u8;
}
impl Element for i64 {
    type Arithmetic = i64;
}

/// The arithmetic type of an element type.
pub(super) fn arithmetic(dtype: DType) -> DType {
    if dtype == DType::BF16 { DType::F32 } else { dtype }
}

/// A storage and where in it a tensor lies.
pub(in crate::ops) type Part<'a> = (&'a CudaStorage, &'a Layout);

/// The elements of a contiguous tensor.
pub(super) fn view<'a, T: CudaDType>(name: &str, (storage, layout): Part<'a>) -> Result<CudaView<'a, T>> {
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(storage.as_cuda_slice::<T>()?.slice(start..end)),
        None => bail!("{name}: expected a contiguous tensor, got strides {:?}", layout.stride()),
    }
}

/// Reads a tensor on a GPU outside of candle's operators, which take at most three: call it on what
/// `Tensor::storage_and_layout` gave.
pub(in crate::ops) fn part<'a>(name: &str, storage: &'a Storage, layout: &'a Layout) -> Result<Part<'a>> {
    match storage {
        Storage::Cuda(storage) => Ok((storage, layout)),
        other => bail!("{name}: expected a tensor on a GPU, got one on {:?}", other.device().location()),
    }
}

/// Runs `read` on the elements of a contiguous tensor on a GPU.
pub(super) fn read<T: Element, R>(
    name: &str,
    tensor: &Tensor,
    read: impl FnOnce(CudaView<'_, T>) -> Result<R>,
) -> Result<R> {
    let (storage, layout) = tensor.storage_and_layout();
    read(view::<T>(name, part(name, &storage, layout)?)?)
}

/// A tensor that remembers no history, from what a kernel wrote.
pub(super) fn tensor<T: Element>(
    elements: CudaSlice<T>,
    shape: impl Into<Shape>,
    device: &CudaDevice,
) -> Tensor {
    let storage = CudaStorage::wrap_cuda_slice(elements, device.clone());
    Tensor::from_storage(Storage::Cuda(storage), shape, BackpropOp::none(), false)
}

/// The element type of a storage.
pub(super) fn dtype(storage: &CudaStorage) -> DType {
    storage.dtype()
}

/// The storage and layout of a tensor that lies on a GPU, for as long as `read` runs.
pub(super) fn on_gpu<R>(name: &str, tensor: &Tensor, read: impl FnOnce(Part<'_>) -> Result<R>) -> Result<R> {
    let (storage, layout) = tensor.storage_and_layout();
    match &*storage {
        Storage::Cuda(storage) => read((storage, layout)),
        _ => bail!("{name}: expected all tensors on one GPU, got one on {:?}", tensor.device()),
    }
}

/// Evaluates an expression with `$element` standing for the element type of a storage on a GPU.
macro_rules! with_element {
    ($dtype:expr, $name:expr, $element:ident => $body:expr) => {
        match $dtype {
            candle_core::DType::F32 => {
                type $element = f32;
                $body
            }
            candle_core::DType::F64 => {
                type $element = f64;
                $body
            }
            candle_core::DType::BF16 => {
                type $element = half::bf16;
                $body
            }
            other => candle_core::bail!("{}: expected f32, f64 or bf16 on a GPU, got {other:?}", $name),
        }
    };
}
pub(super) use with_element;
