//! The exchanges between the processes of a training, and the group of one process.

use super::error::Result;
use candle_core::Tensor;
use std::fmt::Debug;
use std::ops::Range;

/// The processes that train together. All of them call the same methods in the same order, and each call waits for all.
///
/// Sums are taken in one order, so every rank has the same bytes after each call.
pub trait Collective: Send + Sync + Debug {
    /// The number of this process, from 0.
    fn rank(&self) -> usize;

    /// The number of processes.
    fn size(&self) -> usize;

    /// The sums of tensors over all ranks (all-reduce). They are of one element type, f32 or f64, and every rank gives
    /// tensors of the same shapes.
    ///
    /// # Errors
    /// When a rank is gone or has stopped, when the ranks call different methods, or when a tensor cannot be read.
    fn sum(&self, tensors: &[Tensor]) -> Result<Vec<Tensor>>;

    /// The sums of a few numbers over all ranks. Every rank gives the same number of them.
    ///
    /// # Errors
    /// As [`Collective::sum`].
    fn sum_values(&self, values: &[f64]) -> Result<Vec<f64>>;

    /// Rank 0's bytes. What the other ranks give is ignored; they take no more than `at_most` bytes.
    ///
    /// # Errors
    /// As [`Collective::sum`], and when rank 0 sends more.
    fn broadcast_bytes(&self, bytes: &[u8], at_most: usize) -> Result<Vec<u8>>;

    /// Tells the others, from time to time, that this process works on something long that it does alone, so that they
    /// go on waiting. To be called after each part of such work.
    fn still_works(&self) {}

    /// Tells the others that this process stops, and why. They stop too, with [`super::GroupError::Left`].
    fn leave(&self, reason: &str);

    /// Waits until all ranks have called it.
    ///
    /// # Errors
    /// As [`Collective::sum`].
    fn barrier(&self) -> Result<()> {
        self.sum_values(&[]).map(drop)
    }
}

/// The part of `0..items` that a rank works on. The parts are contiguous, in the order of the ranks, and of sizes that
/// differ by at most one.
#[must_use]
pub fn part(items: usize, rank: usize, size: usize) -> Range<usize> {
    items * rank / size..items * (rank + 1) / size
}

/// The group of one process that trains without others.
#[derive(Clone, Copy, Debug)]
pub struct SingleProcess;

impl Collective for SingleProcess {
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

    fn broadcast_bytes(&self, bytes: &[u8], _at_most: usize) -> Result<Vec<u8>> {
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
