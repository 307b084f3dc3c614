//! The two element types, and access to candle's storage as slices of them.

use super::exponential;
use candle_core::{CpuStorage, DType, Layout, Result, Tensor, WithDType, bail};
use std::any::Any;
use std::ops::Neg;

/// An element of the operators: `f32` for work, `f64` for checking it.
pub(in crate::ops) trait Real: WithDType + Neg<Output = Self> {
    /// The value below all others.
    const LOWEST: Self;
    /// `e^self` for `self <= 0`.
    fn exp_of_negative(self) -> Self;
    /// `log(1 + self)` for `0 <= self <= 1`.
    fn ln_1p_of_unit(self) -> Self;
    /// `log(self)` for `self >= 1`.
    fn ln_from_one(self) -> Self;
    /// The distance from zero.
    fn abs(self) -> Self;
}

macro_rules! real {
    ($float:ident, $exp:path, $ln:path, $ln_1p:path) => {
        impl Real for $float {
            const LOWEST: Self = $float::NEG_INFINITY;
            #[inline(always)]
            fn exp_of_negative(self) -> Self {
                $exp(self)
            }
            #[inline(always)]
            fn ln_1p_of_unit(self) -> Self {
                $ln_1p(self)
            }
            #[inline(always)]
            fn ln_from_one(self) -> Self {
                $ln(self)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                $float::abs(self)
            }
        }
    };
}
real!(f32, exponential::exp_of_negative, exponential::ln_from_one, exponential::ln_1p_of_unit);
real!(f64, f64::exp, f64::ln, f64::ln_1p);

/// Evaluates an expression with `$real` standing for the element type of a storage or tensor.
macro_rules! with_real {
    ($dtype:expr, $name:expr, $real:ident => $body:expr) => {
        match $dtype {
            candle_core::DType::F32 => {
                type $real = f32;
                $body
            }
            candle_core::DType::F64 => {
                type $real = f64;
                $body
            }
            other => candle_core::bail!("{}: expected f32 or f64, got {other:?}", $name),
        }
    };
}
pub(in crate::ops) use with_real;

/// The elements of a contiguous storage.
pub(in crate::ops) fn elements<'a, T: Real>(
    name: &str,
    storage: &'a CpuStorage,
    layout: &Layout,
) -> Result<&'a [T]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => Ok(&T::cpu_storage_as_slice(storage)?[start..end]),
        None => bail!("{name}: expected a contiguous tensor, got strides {:?}", layout.stride()),
    }
}

/// The elements of a contiguous storage, to be changed.
pub(in crate::ops) fn elements_mut<'a, T: Real>(
    name: &str,
    storage: &'a mut CpuStorage,
    layout: &Layout,
) -> Result<&'a mut [T]> {
    let Some((start, end)) = layout.contiguous_offsets() else {
        bail!("{name}: expected a contiguous tensor, got strides {:?}", layout.stride());
    };
    let found = element_type(storage);
    let all: Option<&mut Vec<T>> = match storage {
        CpuStorage::F32(all) => (all as &mut dyn Any).downcast_mut(),
        CpuStorage::F64(all) => (all as &mut dyn Any).downcast_mut(),
        _ => None,
    };
    match all {
        Some(all) => Ok(&mut all[start..end]),
        None => bail!("{name}: expected {:?}, got {found:?}", T::DTYPE),
    }
}

/// Runs `read` on the elements of a tensor that lies on the CPU, in `[N, C, H, W]` order.
pub(in crate::ops) fn read<T: WithDType, R>(
    name: &str,
    tensor: &Tensor,
    read: impl FnOnce(&[T]) -> Result<R>,
) -> Result<R> {
    let tensor = tensor.contiguous()?;
    let (storage, layout) = tensor.storage_and_layout();
    let candle_core::Storage::Cpu(cpu) = &*storage else {
        bail!("{name}: only the CPU is supported");
    };
    let Some((start, end)) = layout.contiguous_offsets() else {
        bail!("{name}: the tensor's copy is not contiguous");
    };
    read(&T::cpu_storage_as_slice(cpu)?[start..end])
}

/// The element type of a storage.
pub(in crate::ops) fn element_type(storage: &CpuStorage) -> DType {
    candle_core::backend::BackendStorage::dtype(storage)
}
