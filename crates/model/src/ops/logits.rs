//! Logits at full size, read from the network's outputs.

use super::background::prepend;
use super::bilinear::upsample_bilinear;
use super::classes::check;
use super::cpu;
use super::cpu::real::{read, with_real};
use super::head::Readout;
use super::layout::channels_last;
use candle_core::{DType, Device, Result, Tensor};

const NAME: &str = "logits";

/// The logits `[N, K, H, W]` that are read from `v` `[N, C, h, w]` at `size` (height, width). candle can differentiate them.
///
/// # Errors
/// When `v` is not four-dimensional, a side is 0, or `v` has a type that the device lacks.
pub(crate) fn logits(v: &Tensor, (height, width): (usize, usize), readout: Readout) -> Result<Tensor> {
    let z = upsample_bilinear(v, height, width, readout.align_corners)?;
    match readout.background {
        None => Ok(z),
        Some(form) => prepend(&z, form),
    }
}

/// [`logits`], bit for bit, outside of candle's graph, with their planes one after another in memory.
///
/// # Errors
/// As [`logits`].
pub(crate) fn planar_logits(v: &Tensor, size: (usize, usize), readout: Readout) -> Result<Tensor> {
    check(NAME, v, size, readout)?;
    if v.device().is_cuda() {
        return logits(&v.detach(), size, readout)?.contiguous();
    }
    let (v, dims) = outputs(v)?;
    let shape = (dims[0], readout.classes(dims[1]), size.0, size.1);
    with_real!(v.dtype(), NAME, T => read(NAME, &v, |v: &[T]| {
        Tensor::from_vec(cpu::logits::logits(v, &dims, size.into(), readout), shape, &Device::Cpu)
    }))
}

/// The numbers of [`planar_logits`] in f32, on the host.
///
/// # Errors
/// As [`logits`].
pub(crate) fn logit_planes(v: &Tensor, size: (usize, usize), readout: Readout) -> Result<Vec<f32>> {
    if v.device().is_cuda() || v.dtype() != DType::F32 {
        return planar_logits(v, size, readout)?.to_dtype(DType::F32)?.flatten_all()?.to_vec1();
    }
    check(NAME, v, size, readout)?;
    let (v, dims) = outputs(v)?;
    read(NAME, &v, |v: &[f32]| Ok(cpu::logits::logits(v, &dims, size.into(), readout)))
}

/// The outputs with their channels last, and their dimensions as `[N, C, h, w]`.
fn outputs(v: &Tensor) -> Result<(Tensor, [usize; 4])> {
    let (n, c, h, w) = v.dims4()?;
    Ok((channels_last(&v.detach())?, [n, c, h, w]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::{Form, argmax_channels, classes};

    #[test]
    fn what_is_read_has_the_bits_of_the_operators() -> Result<()> {
        for background in [None, Some(Form::NegLse), Some(Form::NegMax)] {
            for (align_corners, size) in
                [(false, (17, 150)), (true, (17, 150)), (true, (4, 3)), (false, (5, 7))]
            {
                let readout = Readout { background, align_corners };
                let values: Vec<f32> = (0..2 * 20 * 5 * 7).map(|i| (i as f32 * 0.37).sin() * 9.).collect();
                let v = Tensor::from_vec(values, (2, 20, 5, 7), &Device::Cpu)?;
                let wanted = logits(&v, size, readout)?;
                let numbers = wanted.flatten_all()?.to_vec1::<f32>()?;
                let planar = planar_logits(&v, size, readout)?;
                assert!(planar.is_contiguous() && planar.dims() == wanted.dims());
                assert_eq!(planar.flatten_all()?.to_vec1::<f32>()?, numbers, "{readout:?} {size:?}");
                assert_eq!(logit_planes(&v, size, readout)?, numbers, "{readout:?} {size:?}");
                let (found, _) = classes(&v, size, readout, false)?.wait()?;
                assert_eq!(found, argmax_channels(&wanted)?, "{readout:?} {size:?}");
            }
        }
        Ok(())
    }
}
