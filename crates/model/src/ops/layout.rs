//! The two orders in which a map `[N, C, H, W]` can be in memory.
//!
//! As in PyTorch, a map's shape is always `[N, C, H, W]`, and its strides say in which order its numbers are stored. The
//! operators of the CPU work on, and give, maps with their channels last: all channels of a pixel, then the next pixel.
//! candle's own copies from one order to the other go number by number, so these are taken only where candle is to
//! differentiate them, and for maps in neither order or of other types than f32 and f64.

use super::cpu;
use super::cpu::real::{read, with_real};
use candle_core::{DType, Device, Result, Tensor};

const NAME: &str = "layout";

/// The map as a contiguous `[N, H, W, C]`, without a copy where its channels are last already.
pub(crate) fn channels_last(x: &Tensor) -> Result<Tensor> {
    let turned = x.permute((0, 2, 3, 1))?;
    if turned.is_contiguous() || !x.is_contiguous() || !is_ours(x) {
        return turned.contiguous();
    }
    let (n, c, h, w) = x.dims4()?;
    with_real!(x.dtype(), NAME, T => read(NAME, x, |x: &[T]| {
        Tensor::from_vec(cpu::layout::pixels(x, [n, c, h * w]), (n, h, w, c), &Device::Cpu)
    }))
}

/// A contiguous `[N, H, W, C]` as a map `[N, C, H, W]` with its channels last.
pub(crate) fn as_map(y: &Tensor) -> Result<Tensor> {
    y.permute((0, 3, 1, 2))
}

/// The map with its planes one after another in memory, as many of candle's operators want it.
pub(crate) fn planar(x: &Tensor) -> Result<Tensor> {
    let turned = x.permute((0, 2, 3, 1))?;
    if x.is_contiguous() || !turned.is_contiguous() || !is_ours(x) {
        return x.contiguous();
    }
    let (n, c, h, w) = x.dims4()?;
    with_real!(x.dtype(), NAME, T => read(NAME, &turned, |x: &[T]| {
        Tensor::from_vec(cpu::layout::planes(x, [n, c, h * w]), (n, c, h, w), &Device::Cpu)
    }))
}

fn is_ours(x: &Tensor) -> bool {
    x.device().is_cpu() && !x.track_op() && matches!(x.dtype(), DType::F32 | DType::F64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_do_not_change_a_map() -> Result<()> {
        for (n, c, h, w) in [(2, 21, 37, 45), (1, 4, 8, 16), (3, 1, 5, 7), (1, 70, 1, 1), (2, 3, 1, 130)] {
            let values: Vec<f32> = (0..n * c * h * w).map(|i| i as f32).collect();
            let x = Tensor::from_slice(&values, (n, c, h, w), &Device::Cpu)?;
            let last = channels_last(&x)?;
            let by_candle = x.permute((0, 2, 3, 1))?.contiguous()?;
            assert_eq!(last.flatten_all()?.to_vec1::<f32>()?, by_candle.flatten_all()?.to_vec1::<f32>()?);
            let map = as_map(&last)?;
            for x in [x, map] {
                let planar = planar(&x)?;
                assert!(planar.is_contiguous() && planar.dims() == x.dims());
                assert_eq!(planar.flatten_all()?.to_vec1::<f32>()?, values);
            }
        }
        Ok(())
    }
}
