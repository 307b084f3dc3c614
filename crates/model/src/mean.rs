//! The average of scores over scales and flips, kept in one buffer.

use crate::Result;
use candle_core::{DType, Tensor};
use rayon::prelude::*;

/// A sum of equally large maps `[N, K, H, W]`, and how many they are.
pub(crate) struct Mean {
    sum: Vec<f32>,
    dims: Vec<usize>,
    count: u32,
}

impl Mean {
    /// Of no map yet.
    pub(crate) fn new() -> Mean {
        Mean { sum: Vec::new(), dims: Vec::new(), count: 0 }
    }

    /// Adds a map, mirrored back where its picture was mirrored.
    pub(crate) fn add(&mut self, scores: &Tensor, mirrored: bool) -> Result<()> {
        let values = values(scores)?;
        if self.count == 0 {
            self.sum = vec![0.; values.len()];
            self.dims = scores.dims().to_vec();
        }
        self.count += 1;
        let width = scores.dim(3)?.max(1);
        self.sum.par_chunks_mut(width).zip(values.par_chunks(width)).with_min_len(64).for_each(
            |(sum, row)| match mirrored {
                true => sum.iter_mut().zip(row.iter().rev()).for_each(|(s, v)| *s += v),
                false => sum.iter_mut().zip(row).for_each(|(s, v)| *s += v),
            },
        );
        Ok(())
    }

    /// The mean, in f32, on the device of `like`.
    pub(crate) fn finish(mut self, like: &Tensor) -> Result<Tensor> {
        let count = self.count as f32;
        self.sum.par_iter_mut().with_min_len(1 << 14).for_each(|s| *s /= count);
        Ok(Tensor::from_vec(self.sum, self.dims, like.device())?)
    }
}

/// `x` `[N, C, H, W]` with left and right exchanged (candle's `flip` gathers value by value).
pub(crate) fn mirror(x: &Tensor) -> Result<Tensor> {
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
    use candle_core::Device;

    #[test]
    fn mirrored_maps_are_turned_back() -> Result<()> {
        let x = Tensor::arange(0f32, 12., &Device::Cpu)?.reshape((1, 2, 2, 3))?;
        let turned = mirror(&x)?;
        assert_eq!(turned.flatten_all()?.to_vec1::<f32>()?[..6], [2., 1., 0., 5., 4., 3.]);
        let mut mean = Mean::new();
        mean.add(&turned, true)?;
        mean.add(&(&x + 1.)?, false)?;
        let mean = mean.finish(&x)?;
        assert_eq!(mean.dims(), x.dims());
        assert_eq!(mean.flatten_all()?.to_vec1::<f32>()?, (x + 0.5)?.flatten_all()?.to_vec1::<f32>()?);
        Ok(())
    }
}
