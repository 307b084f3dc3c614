//! The average of scores over scales and mirrored images, kept in one buffer.

use crate::Result;
use crate::objective::{Objective, ScoreSpace};
use candle_core::{DType, Device, Tensor};
use rayon::prelude::*;

/// The sum of score maps `[N, K, H, W]` of one batch, all of one size, and their number.
pub(crate) struct Mean<'a> {
    objective: &'a dyn Objective,
    space: ScoreSpace,
    size: (usize, usize),
    sum: Sum,
    count: u32,
}

enum Sum {
    Empty,
    OnHost {
        values: Vec<f32>,
        dims: Vec<usize>,
        device: Device,
    },
    #[cfg(feature = "cuda")]
    OnGpu(Tensor),
}

impl<'a> Mean<'a> {
    /// A mean of no maps so far. `size` is the `(height, width)` of the images.
    pub(crate) fn new(objective: &'a dyn Objective, space: ScoreSpace, size: (usize, usize)) -> Mean<'a> {
        Mean { objective, space, size, sum: Sum::Empty, count: 0 }
    }

    /// Adds the scores of outputs `[N, outputs, h, w]`, mirrored back where the images were mirrored.
    pub(crate) fn add(&mut self, outputs: &Tensor, mirrored: bool) -> Result<()> {
        self.count += 1;
        #[cfg(feature = "cuda")]
        if outputs.device().is_cuda() {
            return self.add_on_gpu(outputs, mirrored);
        }
        let z = self.objective.logits(outputs, self.size)?;
        self.add_scores(&self.objective.scores(&z, self.space)?, mirrored)
    }

    fn add_scores(&mut self, scores: &Tensor, mirrored: bool) -> Result<()> {
        let values = values(scores)?;
        if let Sum::Empty = self.sum {
            let (dims, device) = (scores.dims().to_vec(), scores.device().clone());
            self.sum = Sum::OnHost { values: vec![0.; values.len()], dims, device };
        }
        let width = scores.dim(3)?.max(1);
        if let Sum::OnHost { values: sum, .. } = &mut self.sum {
            let rows = sum.par_chunks_mut(width).zip(values.par_chunks(width)).with_min_len(64);
            rows.for_each(|(sum, row)| match mirrored {
                true => sum.iter_mut().zip(row.iter().rev()).for_each(|(s, v)| *s += v),
                false => sum.iter_mut().zip(row).for_each(|(s, v)| *s += v),
            });
        }
        Ok(())
    }

    #[cfg(feature = "cuda")]
    fn add_on_gpu(&mut self, outputs: &Tensor, mirrored: bool) -> Result<()> {
        use crate::ops::cuda::{Space, add_scores};
        let space = match self.space {
            ScoreSpace::Softmax => Space::Softmax,
            ScoreSpace::Sigmoid => Space::Sigmoid,
            ScoreSpace::Logit => Space::Logit,
            ScoreSpace::RebuildBackground if self.objective.head().background.is_none() => {
                let (space, objective) = (self.space.name(), self.objective.name());
                return Err(crate::Error::Space { space, objective });
            }
            ScoreSpace::RebuildBackground => Space::Foreground,
        };
        let (v, head) = self.objective.head().on_gpu(outputs)?;
        if let Sum::Empty = self.sum {
            let classes = v.dim(1)? + usize::from(!head.holds_background());
            let kept = classes - usize::from(space == Space::Foreground);
            let dtype = if v.dtype() == DType::F64 { DType::F64 } else { DType::F32 };
            let shape = (v.dim(0)?, kept, self.size.0, self.size.1);
            self.sum = Sum::OnGpu(Tensor::zeros(shape, dtype, v.device())?);
        }
        match &self.sum {
            Sum::OnGpu(sum) => Ok(add_scores(sum, &v, head, space, mirrored)?),
            _ => unreachable!("all outputs of a batch are on one device"),
        }
    }

    /// The mean, in f32 (on a GPU in f64 where the network is in f64).
    pub(crate) fn finish(self) -> Result<Tensor> {
        match self.sum {
            Sum::Empty => unreachable!("there is at least one scale"),
            Sum::OnHost { mut values, dims, device } => {
                let count = self.count as f32;
                values.par_iter_mut().with_min_len(1 << 14).for_each(|s| *s /= count);
                Ok(Tensor::from_vec(values, dims, &device)?)
            }
            #[cfg(feature = "cuda")]
            Sum::OnGpu(sum) => Ok((sum / f64::from(self.count))?),
        }
    }
}

/// `x` `[N, C, H, W]` with left and right exchanged. (Candle's `flip` gathers value by value, which is slower.)
pub(crate) fn mirror(x: &Tensor) -> Result<Tensor> {
    #[cfg(feature = "cuda")]
    if x.device().is_cuda() {
        return Ok(crate::ops::cuda::mirror(x)?);
    }
    let mut values = values(x)?;
    values.chunks_exact_mut(x.dim(3)?.max(1)).for_each(<[f32]>::reverse);
    Ok(Tensor::from_vec(values, x.shape(), x.device())?.to_dtype(x.dtype())?)
}

fn values(t: &Tensor) -> Result<Vec<f32>> {
    Ok(t.to_dtype(DType::F32)?.flatten_all()?.to_vec1::<f32>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::{Softmax, VoidRule};

    #[test]
    fn mirrored_maps_are_turned_back() -> Result<()> {
        let x = Tensor::arange(0f32, 12., &Device::Cpu)?.reshape((1, 2, 2, 3))?;
        let turned = mirror(&x)?;
        assert_eq!(turned.flatten_all()?.to_vec1::<f32>()?[..6], [2., 1., 0., 5., 4., 3.]);
        let softmax = Softmax { void: VoidRule::Ignore, align_corners: false };
        let mut mean = Mean::new(&softmax, ScoreSpace::Logit, (2, 3));
        mean.add(&turned, true)?;
        mean.add(&(&x + 1.)?, false)?;
        let mean = mean.finish()?;
        assert_eq!(mean.dims(), x.dims());
        assert_eq!(mean.flatten_all()?.to_vec1::<f32>()?, (x + 0.5)?.flatten_all()?.to_vec1::<f32>()?);
        Ok(())
    }
}
