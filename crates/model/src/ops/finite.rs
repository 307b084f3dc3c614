//! Whether numbers are finite.

use super::cuda;
use super::layout::channels_last;
use candle_core::{DType, Result, Tensor};

/// Whether no element of a map `[N, C, H, W]` is NaN or infinite.
///
/// # Errors
/// When the type is not f32, f64 or, on a GPU, bf16, or the kernel fails.
pub(crate) fn all_finite(x: &Tensor) -> Result<bool> {
    if x.elem_count() == 0 {
        return Ok(true);
    }
    if x.device().is_cuda() {
        return cuda::finite::all_finite(&channels_last(x)?);
    }
    // Zero times a finite number is zero, times any other NaN: the sum cannot overflow.
    Ok(x.affine(0., 0.)?.sum_all()?.to_dtype(DType::F64)?.to_scalar::<f64>()? == 0.)
}

#[cfg(test)]
mod tests {
    use super::all_finite;
    use candle_core::{DType, Device, Tensor};

    #[test]
    fn one_number_that_is_none_is_found() {
        for dtype in [DType::F32, DType::F64] {
            let of = |last: f64| {
                let values = [1., -3e38, 3e38, last];
                let map = Tensor::new(&values, &Device::Cpu).and_then(|t| t.reshape((1, 2, 1, 2)));
                all_finite(&map.unwrap().to_dtype(dtype).unwrap()).unwrap()
            };
            assert!(of(3e38));
            for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                assert!(!of(bad), "{bad} {dtype:?}");
            }
        }
    }
}
