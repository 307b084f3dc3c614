//! Exchange of left and right.

use super::{cpu, cuda};
use candle_core::{Result, Tensor};

/// `x` `[N, C, H, W]` with left and right exchanged. (candle's `flip` gathers value by value, which is slower.)
///
/// # Errors
/// When `x` is not four-dimensional, or its type is none of the device's.
pub(crate) fn mirror(x: &Tensor) -> Result<Tensor> {
    if x.device().is_cuda() { cuda::mirror::mirror(x) } else { cpu::mirror::mirror(x) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    #[test]
    fn rows_are_reversed() -> Result<()> {
        let x = Tensor::arange(0f32, 12., &Device::Cpu)?.reshape((1, 2, 2, 3))?;
        let turned = mirror(&x)?.flatten_all()?.to_vec1::<f32>()?;
        assert_eq!(turned, [2., 1., 0., 5., 4., 3., 8., 7., 6., 11., 10., 9.]);
        Ok(())
    }
}
