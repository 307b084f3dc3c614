//! What the processes of a training exchange, and the group of one.

use super::error::Result;
use candle_core::Tensor;
use std::fmt::Debug;
use std::ops::Range;

/// The processes that train together. All of them call the same methods in the same order; each call waits for all.
///
/// Sums are taken in the order of the ranks, so that every rank holds the same bytes after each call.
pub trait Collective: Send + Sync + Debug {
    /// This process, from 0.
    fn rank(&self) -> usize;

    /// How many processes there are.
    fn size(&self) -> usize;

    /// The sums over all ranks of tensors of one element type, f32 or f64; their shapes are those of every other rank.
    ///
    /// # Errors
    /// When a rank is gone or has stopped, the ranks call different methods, or a tensor cannot be read.
    fn sum(&self, tensors: &[Tensor]) -> Result<Vec<Tensor>>;

    /// The sums over all ranks of a few numbers; every rank gives as many.
    ///
    /// # Errors
    /// As [`Collective::sum`].
    fn sum_values(&self, values: &[f64]) -> Result<Vec<f64>>;

    /// Rank 0's bytes, whatever the others give.
    ///
    /// # Errors
    /// As [`Collective::sum`].
    fn broadcast_bytes(&self, bytes: &[u8]) -> Result<Vec<u8>>;

    /// Tells the others that this process stops, and why: they stop too, with [`super::GroupError::Left`].
    fn leave(&self, reason: &str);

    /// Waits until all ranks have come here.
    ///
    /// # Errors
    /// As [`Collective::sum`].
    fn barrier(&self) -> Result<()> {
        self.sum_values(&[]).map(drop)
    }
}

/// The part of `0..items` that a rank works on: contiguous, in the order of the ranks, as equal as can be.
pub fn part(items: usize, rank: usize, size: usize) -> Range<usize> {
    items * rank / size..items * (rank + 1) / size
}

/// A process that trains by itself.
#[derive(Clone, Copy, Debug)]
pub struct Alone;

impl Collective for Alone {
    fn rank(&self) -> usize {
        0
    }

    fn size(&self) -> usize {
        1
    }

    fn sum(&self, tensors: &[Tensor]) -> Result<Vec<Tensor>> {
        Ok(tensors.to_vec())
    }

    fn sum_values(&self, values: &[f64]) -> Result<Vec<f64>> {
        Ok(values.to_vec())
    }

    fn broadcast_bytes(&self, bytes: &[u8]) -> Result<Vec<u8>> {
        Ok(bytes.to_vec())
    }

    fn leave(&self, _reason: &str) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_contiguous_and_nearly_equal() {
        let parts = |items, size| (0..size).map(|rank| part(items, rank, size)).collect::<Vec<_>>();
        assert_eq!(parts(8, 2), [0..4, 4..8]);
        assert_eq!(parts(7, 3), [0..2, 2..4, 4..7]);
        assert_eq!(part(5, 0, 1), 0..5);
    }
}
