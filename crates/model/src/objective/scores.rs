//! The spaces in which predictions of several scales are averaged.

use crate::Result;
use crate::ops::neg_lse;
use candle_core::{DType, Tensor};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// What is averaged over scales and flips.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScoreSpace {
    /// `softmax(z)`: TensorFlow DeepLab; the default of Softmax and IBE.
    Softmax,
    /// `sigmoid(z)`: the default of SCrIBE, by analogy.
    Sigmoid,
    /// `z` itself.
    Logit,
    /// The foreground logits; the background logit is built from their mean.
    RebuildBackground,
}

impl ScoreSpace {
    /// The name in recipes.
    pub fn name(self) -> &'static str {
        match self {
            ScoreSpace::Softmax => "softmax",
            ScoreSpace::Sigmoid => "sigmoid",
            ScoreSpace::Logit => "logit",
            ScoreSpace::RebuildBackground => "rebuild_background",
        }
    }
}

/// The scores that are averaged in `space`; for [`ScoreSpace::RebuildBackground`] the foreground logits.
pub(super) fn of(z: &Tensor, space: ScoreSpace) -> Result<Tensor> {
    match space {
        ScoreSpace::Softmax => softmax(z),
        ScoreSpace::Sigmoid => sigmoid(z),
        ScoreSpace::Logit => Ok(z.clone()),
        ScoreSpace::RebuildBackground => Ok(z.narrow(1, 1, z.dim(1)? - 1)?.contiguous()?),
    }
}

/// `exp(z - LSE(z))`: -LSE is the background's operator, here it is the logarithm of softmax's divisor.
fn softmax(z: &Tensor) -> Result<Tensor> {
    let neg_lse = neg_lse(&z.detach())?;
    if z.dtype() != DType::F32 {
        return Ok(z.broadcast_add(&neg_lse)?.exp()?);
    }
    let (_, k, h, w) = z.dims4()?;
    let neg_lse = neg_lse.flatten_all()?.to_vec1::<f32>()?;
    by_row(z, |row, values| {
        let at = (row / (k * h) * h + row % h) * w;
        values.iter_mut().zip(&neg_lse[at..]).for_each(|(z, b)| *z = (*z + b).exp());
    })
}

/// `1 / (1 + exp(-z))`; where the exponential overflows the result is 0, as it should be.
fn sigmoid(z: &Tensor) -> Result<Tensor> {
    if z.dtype() != DType::F32 {
        return Ok((z.neg()?.exp()? + 1.)?.recip()?);
    }
    by_row(z, |_, values| values.iter_mut().for_each(|z| *z = 1. / (1. + (-*z).exp())))
}

/// A copy of `z` `[N, K, H, W]` with each row changed, on all threads. No graph is kept: scores are read, not trained.
fn by_row(z: &Tensor, change: impl Fn(usize, &mut [f32]) + Sync) -> Result<Tensor> {
    let mut values = z.flatten_all()?.to_vec1::<f32>()?;
    let width = z.dim(3)?.max(1);
    values.par_chunks_mut(width).enumerate().with_min_len(16).for_each(|(row, values)| change(row, values));
    Ok(Tensor::from_vec(values, z.shape(), z.device())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    #[test]
    fn rows_in_f32_agree_with_whole_tensors_in_f64() -> Result<()> {
        let z: Vec<f64> = (0..2 * 3 * 4 * 5).map(|i| f64::from(i * 37 % 161) - 80.).collect();
        let z = Tensor::from_vec(z, (2, 3, 4, 5), &Device::Cpu)?;
        for space in [ScoreSpace::Softmax, ScoreSpace::Sigmoid] {
            let slow = of(&z, space)?;
            let fast = of(&z.to_dtype(DType::F32)?, space)?.to_dtype(DType::F64)?;
            let gap = (slow - fast)?.abs()?.max_all()?.to_scalar::<f64>()?;
            // The logits' own rounding: 80 * 2^-24.
            assert!(gap < 5e-6, "{space:?}: {gap}");
        }
        Ok(())
    }
}
