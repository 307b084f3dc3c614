//! The scores that multi-scale inference averages, and their sum.

use super::classes::check;
use super::head::Readout;
use super::layout::{as_map, channels_last};
use super::score_space::ScoreSpace;
use super::{cpu, cuda};
use candle_core::{DType, Result, Tensor, bail};

const NAME: &str = "scores";

/// The scores of logits `z` `[N, K, H, W]` in `space`: `[N, K, H, W]`, or the foreground logits `[N, K - 1, H, W]` for
/// [`ScoreSpace::RebuildBackground`]. No graph is kept: scores are read, not trained.
///
/// # Errors
/// When `z` is not four-dimensional, or its type is none of the device's.
pub(crate) fn scores(z: &Tensor, space: ScoreSpace) -> Result<Tensor> {
    let (_, _, h, w) = z.dims4()?;
    let sum = empty_sum(z, (h, w), Readout::LOGITS, space)?;
    add_scores(&sum, z, Readout::LOGITS, space, false)?;
    Ok(sum)
}

/// A sum of no scores: zeros for the scores of outputs `v` `[N, C, h, w]` at `size` (height, width), in f32, or in f64
/// where `v` is.
///
/// # Errors
/// When `v` is not four-dimensional, or the memory is full.
pub(crate) fn empty_sum(
    v: &Tensor,
    size: (usize, usize),
    readout: Readout,
    space: ScoreSpace,
) -> Result<Tensor> {
    check(NAME, v, size, readout)?;
    let (n, channels, _, _) = v.dims4()?;
    let kept = space.channels(readout.classes(channels));
    let dtype = if v.dtype() == DType::F64 { DType::F64 } else { DType::F32 };
    as_map(&Tensor::zeros((n, size.0, size.1, kept), dtype, v.device())?)
}

/// Adds the scores of outputs `v` `[N, C, h, w]` to `sum`, which [`empty_sum`] made, in its place; left and right are
/// exchanged where `mirrored`.
///
/// # Errors
/// When shapes, types or devices do not belong together.
pub(crate) fn add_scores(
    sum: &Tensor,
    v: &Tensor,
    readout: Readout,
    space: ScoreSpace,
    mirrored: bool,
) -> Result<()> {
    let (_, _, height, width) = sum.dims4()?;
    check(NAME, v, (height, width), readout)?;
    let (n, channels, _, _) = v.dims4()?;
    let kept = space.channels(readout.classes(channels));
    if sum.dims() != [n, kept, height, width] {
        bail!("{NAME}: expected a sum of [{n}, {kept}, H, W], got {:?}", sum.dims());
    }
    if v.device().is_cuda() {
        cuda::scores::add_scores(sum, v, readout, space, mirrored)
    } else {
        cpu::scores::add_scores(sum, v, readout, space, mirrored)
    }
}

/// A sum that [`empty_sum`] made, divided by the number of its terms.
///
/// # Errors
/// When the memory is full.
pub(crate) fn average(sum: &Tensor, count: u32) -> Result<Tensor> {
    as_map(&(channels_last(sum)? / f64::from(count))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    #[test]
    fn f32_agrees_with_the_formulas_in_f64() -> Result<()> {
        let z: Vec<f64> = (0..2 * 3 * 4 * 5).map(|i| f64::from(i * 37 % 161) - 80.).collect();
        let z = Tensor::from_vec(z, (2, 3, 4, 5), &Device::Cpu)?;
        // The definitions, by candle's own operators; no logit above 80, so that no exponential overflows.
        let exp = z.exp()?;
        let softmax = exp.broadcast_div(&exp.sum_keepdim(1)?)?;
        let sigmoid = (z.neg()?.exp()? + 1.)?.recip()?;
        for (space, wanted) in [(ScoreSpace::Softmax, softmax), (ScoreSpace::Sigmoid, sigmoid)] {
            for (dtype, tolerance) in [(DType::F64, 1e-14), (DType::F32, 1e-6)] {
                let found = scores(&z.to_dtype(dtype)?, space)?.to_dtype(DType::F64)?;
                let gap = (found - &wanted)?.abs()?.max_all()?.to_scalar::<f64>()?;
                assert!(gap < tolerance, "{space:?} {dtype:?}: {gap}");
            }
        }
        Ok(())
    }
}
