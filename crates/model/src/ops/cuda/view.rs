//! candle's storage on a GPU as typed views.

use candle_core::backend::BackendStorage;
use candle_core::cuda_backend::cudarc::driver::CudaView;
use candle_core::cuda_backend::{CudaDType, CudaStorage};
use candle_core::{DType, Layout, Result, WithDType, bail};

/// An element type of the kernels.
pub(super) trait Element:
    CudaDType + WithDType + candle_core::cuda_backend::cudarc::driver::DeviceRepr
{
}
impl Element for f32 {}
impl Element for f64 {}
impl Element for half::bf16 {}
impl Element for u8 {}

/// A storage and where in it a tensor lies.
pub(super) type Part<'a> = (&'a CudaStorage, &'a Layout);

/// The elements of a contiguous tensor.
pub(super) fn view<'a, T: Element>(name: &str, (storage, layout): Part<'a>) -> Result<CudaView<'a, T>> {
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(storage.as_cuda_slice::<T>()?.slice(start..end)),
        None => bail!("{name}: expected a contiguous tensor, got strides {:?}", layout.stride()),
    }
}

/// The element type of a storage.
pub(super) fn dtype(storage: &CudaStorage) -> DType {
    storage.dtype()
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
