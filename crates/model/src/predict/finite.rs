//! Refuses outputs that are no numbers.

use crate::{Error, Result};
use candle_core::{DType, Tensor};

/// The outputs themselves.
///
/// Of a NaN the class with the largest logit is undefined, and a map of one class would pass for a result.
///
/// # Errors
/// [`Error::NotFinite`] where one of them is NaN or infinite.
pub(super) fn check_finite(outputs: Tensor) -> Result<Tensor> {
    // Zero times a finite number is zero, times any other NaN: the sum cannot overflow, and one number leaves the device.
    let sum = outputs.affine(0., 0.)?.sum_all()?.to_dtype(DType::F64)?.to_scalar::<f64>()?;
    if sum == 0. { Ok(outputs) } else { Err(Error::NotFinite) }
}

#[cfg(test)]
mod tests {
    use super::check_finite;
    use crate::Error;
    use candle_core::{DType, Device, Tensor};

    #[test]
    fn one_number_that_is_none_is_found() {
        for dtype in [DType::F32, DType::F64] {
            let of = |last: f64| {
                let values = [1., -3e38, 3e38, last];
                let outputs = Tensor::new(&values, &Device::Cpu).and_then(|t| t.reshape((1, 2, 1, 2)));
                check_finite(outputs.unwrap().to_dtype(dtype).unwrap())
            };
            assert_eq!(of(3e38).unwrap().dims(), [1, 2, 1, 2]);
            for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                assert!(matches!(of(bad), Err(Error::NotFinite)), "{bad} {dtype:?}");
            }
        }
    }
}
