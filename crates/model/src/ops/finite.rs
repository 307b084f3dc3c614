//! Whether numbers are finite.

use super::arriving::Arriving;
use super::cuda::finite::NotFinite;
use super::layout::channels_last;
use candle_core::{DType, Result, Tensor};

/// The question whether maps `[N, C, H, W]` hold no NaN and no infinity. A CPU answers when they are added, a GPU when it is
/// waited for.
#[derive(Debug, Default)]
pub(crate) struct AllFinite {
    found: bool,
    on_device: Option<NotFinite>,
}

impl AllFinite {
    /// Adds a map; `false` where a CPU finds that one is not finite.
    ///
    /// # Errors
    /// When the type is not f32, f64 or, on a GPU, bf16, or the kernel fails.
    pub(crate) fn add(&mut self, x: &Tensor) -> Result<bool> {
        if x.elem_count() == 0 {
            return Ok(!self.found);
        }
        if x.device().is_cuda() {
            let word = match self.on_device.take() {
                Some(word) => word,
                None => NotFinite::new(x)?,
            };
            self.on_device.insert(word).add(&channels_last(x)?)?;
            return Ok(true);
        }
        // Zero times a finite number is zero, times any other NaN: the sum cannot overflow.
        let sum = x.affine(0., 0.)?.sum_all()?.to_dtype(DType::F64)?.to_scalar::<f64>()?;
        self.found |= sum != 0.;
        Ok(!self.found)
    }

    /// The answer: bytes that are all zero where everything is finite.
    ///
    /// # Errors
    /// When the copy cannot be queued.
    pub(crate) fn answer(&self) -> Result<Arriving> {
        match &self.on_device {
            Some(word) => Ok(Arriving::Underway(word.download()?)),
            None => Ok(Arriving::Here(vec![u8::from(self.found)])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AllFinite;
    use candle_core::{DType, Device, Tensor};

    #[test]
    fn one_number_that_is_none_is_found() {
        for dtype in [DType::F32, DType::F64] {
            let of = |last: f64| {
                let values = [1., -3e38, 3e38, last];
                let map = Tensor::new(&values, &Device::Cpu).and_then(|t| t.reshape((1, 2, 1, 2))).unwrap();
                let mut all_finite = AllFinite::default();
                let found = all_finite.add(&map.to_dtype(dtype).unwrap()).unwrap();
                // What comes later does not hide it.
                assert_eq!(all_finite.add(&map.zeros_like().unwrap()).unwrap(), found);
                assert_eq!(all_finite.answer().unwrap().wait().unwrap() == [0], found);
                found
            };
            assert!(of(3e38));
            for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                assert!(!of(bad), "{bad} {dtype:?}");
            }
        }
    }
}
