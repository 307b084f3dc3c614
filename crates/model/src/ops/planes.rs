//! A map's numbers plane after plane, as candle's own operators and other programs order them.

use super::cpu;
use super::cpu::real::with_real;
use candle_core::{DType, Device, Result, Tensor};

/// `x` `[N, C, H, W]` with its planes one after another in memory, as many of candle's operators want it. candle's own copy
/// goes number by number; it is taken only where candle is to differentiate it.
///
/// # Errors
/// When `x` is not four-dimensional, or is neither f32 nor f64 on a CPU.
pub(crate) fn planar(x: &Tensor) -> Result<Tensor> {
    if x.device().is_cuda() || x.is_contiguous() || x.track_op() {
        return x.contiguous();
    }
    with_real!(x.dtype(), "planar", T => {
        Tensor::from_vec(cpu::planes::planes::<T>(x)?, x.shape(), &Device::Cpu)
    })
}

/// The numbers of `x` `[N, C, H, W]` in f32, plane after plane, on the host.
///
/// # Errors
/// When `x` is not four-dimensional, or it cannot be copied from its device.
pub(crate) fn planes(x: &Tensor) -> Result<Vec<f32>> {
    if x.device().is_cuda() || x.is_contiguous() || x.dtype() != DType::F32 {
        return planar(x)?.to_dtype(DType::F32)?.flatten_all()?.to_vec1();
    }
    cpu::planes::planes(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::layout::{as_map, channels_last};
    use candle_core::Device;

    #[test]
    fn planes_do_not_depend_on_the_order_in_memory() -> Result<()> {
        let values: Vec<f32> = (0..2 * 21 * 37 * 45).map(|i| i as f32).collect();
        let x = Tensor::from_slice(&values, (2, 21, 37, 45), &Device::Cpu)?;
        assert_eq!(planes(&x)?, values);
        let turned = as_map(&channels_last(&x)?)?;
        assert_eq!(planes(&turned)?, values);
        let planar = planar(&turned.to_dtype(DType::F64)?)?;
        assert!(planar.is_contiguous() && planar.dims() == x.dims());
        assert_eq!(planes(&planar)?, values);
        Ok(())
    }
}
