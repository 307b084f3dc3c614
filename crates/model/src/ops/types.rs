//! The element types that operators take.

use candle_core::{DType, Result, Tensor, bail};

/// The type of parameters for activations of this type.
pub(crate) fn parameters(activations: DType) -> DType {
    if activations == DType::BF16 { DType::F32 } else { activations }
}

/// Checks that a map has a type that its device computes in.
pub(super) fn check_computed(name: &str, x: &Tensor) -> Result<()> {
    match x.dtype() {
        DType::F32 | DType::F64 => Ok(()),
        DType::BF16 if x.device().is_cuda() => Ok(()),
        other => bail!("{name}: expected f32 or f64 (on a GPU bf16 too), got {other:?}"),
    }
}

/// Checks the shape and the element type of an argument, which `what` names.
pub(super) fn check_argument(
    name: &str,
    what: &str,
    found: &Tensor,
    dims: &[usize],
    dtype: DType,
) -> Result<()> {
    if found.dims() == dims && found.dtype() == dtype {
        return Ok(());
    }
    bail!("{name}: expected {what} of {dims:?} {dtype:?}, got {:?} {:?}", found.dims(), found.dtype())
}
