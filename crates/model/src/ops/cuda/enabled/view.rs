//! candle's tensors on a GPU as typed views.

use crate::ops::layout::as_map;
use candle_core::cuda_backend::cudarc::driver::{CudaSlice, CudaView, DevicePtr, DeviceRepr};
use candle_core::cuda_backend::{CudaDType, CudaDevice, CudaStorage};
use candle_core::op::BackpropOp;
use candle_core::{DType, Layout, Result, Shape, Storage, StorageRef, Tensor, WithDType, bail};

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

/// A contiguous tensor on a GPU, for as long as kernels are launched that read it.
pub(super) struct Operand<'a> {
    storage: StorageRef<'a>,
    layout: &'a Layout,
    range: (usize, usize),
}

impl<'a> Operand<'a> {
    /// # Errors
    /// When the tensor is not on a GPU or not contiguous; `name` is the operator's.
    pub(super) fn new(name: &str, tensor: &'a Tensor) -> Result<Operand<'a>> {
        let (storage, layout) = tensor.storage_and_layout();
        if !matches!(&*storage, Storage::Cuda(_)) {
            bail!("{name}: expected all tensors on one GPU, got one on {:?}", tensor.device());
        }
        let Some(range) = layout.contiguous_offsets() else {
            bail!("{name}: expected a contiguous tensor, got strides {:?}", layout.stride());
        };
        Ok(Operand { storage, layout, range })
    }

    fn cuda(&self) -> Result<&CudaStorage> {
        match &*self.storage {
            Storage::Cuda(storage) => Ok(storage),
            _ => bail!("expected a tensor on a GPU"),
        }
    }

    /// The elements.
    pub(super) fn view<T: CudaDType>(&self) -> Result<CudaView<'_, T>> {
        Ok(self.cuda()?.as_cuda_slice::<T>()?.slice(self.range.0..self.range.1))
    }

    /// Where the first element lies on the device: for kernels that are also given null.
    pub(super) fn address<T: CudaDType>(&self) -> Result<u64> {
        let storage = self.cuda()?;
        // Every use of candle's memory is queued on the thread's stream, so there is nothing to wait for.
        Ok(self.view::<T>()?.device_ptr(&storage.device.cuda_stream()).0)
    }

    pub(super) fn device(&self) -> Result<CudaDevice> {
        Ok(self.cuda()?.device.clone())
    }

    pub(super) fn dtype(&self) -> DType {
        self.storage.dtype()
    }

    pub(super) fn shape(&self) -> &Shape {
        self.layout.shape()
    }
}

/// The address of an operand's elements, and null where there is none.
pub(super) fn address_or_null<T: CudaDType>(operand: Option<&Operand<'_>>) -> Result<u64> {
    operand.map_or(Ok(0), Operand::address::<T>)
}

/// The tensor, or a copy where it starts inside of a larger one at an address that packs of 16 bytes cannot be read from.
/// What sums over pixels read is never moved in smaller packs, which would change the sums' order.
pub(super) fn aligned(contiguous: Tensor) -> Result<Tensor> {
    let start = contiguous.layout().start_offset() * contiguous.dtype().size_in_bytes();
    if start.is_multiple_of(16) { Ok(contiguous) } else { contiguous.force_contiguous() }
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

/// A map `[N, C, H, W]` with its channels last, from what a kernel wrote as `[N, H, W, C]`.
pub(super) fn map<T: Element>(
    elements: CudaSlice<T>,
    [n, c, h, w]: [usize; 4],
    device: &CudaDevice,
) -> Result<Tensor> {
    as_map(&tensor(elements, (n, h, w, c), device))
}

/// Evaluates an expression with `$element` standing for an element type on a GPU.
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
