//! Sums of scores over the views of multi-scale inference.

use super::level::vectorised;
use super::log_sigmoid;
use super::parallel::for_each_chunk;
use super::real::{Real, read};
use super::resized::Resized;
use super::tiles::{self, TILE, Tile};
use crate::ops::head::Readout;
use crate::ops::layout::channels_last;
use crate::ops::score_space::ScoreSpace;
use candle_core::{CpuStorage, DType, InplaceOp1, Layout, Result, Tensor, bail};

const NAME: &str = "add_scores";
/// Pixels that are worth a task of their own.
const TASK_PIXELS: usize = 4096;
/// Rough cost of one channel of one pixel.
const NANOSECONDS: usize = 2;

/// Adds the scores of outputs `v` `[N, C, h, w]` to `sum` `[N, kept, H, W]`, which has its channels last.
pub(in crate::ops) fn add_scores(
    sum: &Tensor,
    v: &Tensor,
    readout: Readout,
    space: ScoreSpace,
    mirrored: bool,
) -> Result<()> {
    sum.inplace_op1(&AddScores { v: channels_last(v)?, readout, space, mirrored })
}

struct AddScores {
    /// `[N, h, w, C]`.
    v: Tensor,
    readout: Readout,
    space: ScoreSpace,
    mirrored: bool,
}

impl InplaceOp1 for AddScores {
    fn name(&self) -> &'static str {
        NAME
    }

    fn cpu_fwd(&self, sum: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let _operator = tracing::trace_span!("sum of scores").entered();
        let (_, _, height, width) = layout.shape().dims4()?;
        let Some((start, end)) = layout.permute(&[0, 2, 3, 1])?.contiguous_offsets() else {
            bail!("{NAME}: expected a sum with its channels last, got strides {:?}", layout.stride());
        };
        let size = [height, width];
        match (sum, self.v.dtype()) {
            (CpuStorage::F32(sum), DType::F32) => self.add::<f32>(&mut sum[start..end], size),
            (CpuStorage::F64(sum), DType::F64) => self.add::<f64>(&mut sum[start..end], size),
            (_, dtype) => bail!("{NAME}: expected outputs of the sum's type, f32 or f64, got {dtype:?}"),
        }
    }
}

impl AddScores {
    /// `sum` is `[N, H, W, kept]`.
    fn add<T: Real>(&self, sum: &mut [T], [height, width]: [usize; 2]) -> Result<()> {
        let (n, h, w, c) = self.v.dims4()?;
        read(NAME, &self.v, |v: &[T]| {
            let resized = Resized::new(v, &[n, c, h, w], [height, width], self.readout);
            let (classes, kept) = (resized.classes(), self.space.channels(resized.classes()));
            let rows = TASK_PIXELS.div_ceil(width.max(1));
            let (length, work) = (width * kept, sum.len() * NANOSECONDS);
            for_each_chunk(sum, (rows * length).max(1), work, |task, sum| {
                let (mut reader, mut z) = (resized.reader(), tiles::zeros(classes));
                for (row, sum) in sum.chunks_mut(length).enumerate() {
                    let row = task * rows + row;
                    reader.turn_to(row / height, row % height);
                    for first in (0..width).step_by(TILE) {
                        let count = reader.logits(first, &mut z);
                        scores(self.space, &mut z);
                        let z = &z[classes - kept..];
                        if self.mirrored {
                            let last = width - first - count;
                            add_mirrored(z, &mut sum[last * kept..][..count * kept]);
                        } else {
                            add(z, &mut sum[first * kept..][..count * kept]);
                        }
                    }
                }
            });
            Ok(())
        })
    }
}

/// Replaces logits by scores.
fn scores<T: Real>(space: ScoreSpace, z: &mut Tile<T>) {
    match space {
        ScoreSpace::Softmax => tiles::softmax(z, &mut [T::zero(); TILE], &mut [T::zero(); TILE]),
        ScoreSpace::Sigmoid => sigmoid(z),
        ScoreSpace::Logit | ScoreSpace::RebuildBackground => {}
    }
}

vectorised! {
    fn sigmoid<T>(z: &mut Tile<T>) {
        for row in z {
            for z in row {
                *z = log_sigmoid::value_and_complement(-*z).1;
            }
        }
    }
}

vectorised! {
    fn add<T>(z: &Tile<T>, sum: &mut [T]) {
        for (i, sum) in sum.chunks_exact_mut(z.len()).enumerate() {
            sum.iter_mut().zip(z).for_each(|(sum, row)| *sum += row[i]);
        }
    }
}

vectorised! {
    fn add_mirrored<T>(z: &Tile<T>, sum: &mut [T]) {
        for (i, sum) in sum.chunks_exact_mut(z.len()).rev().enumerate() {
            sum.iter_mut().zip(z).for_each(|(sum, row)| *sum += row[i]);
        }
    }
}
