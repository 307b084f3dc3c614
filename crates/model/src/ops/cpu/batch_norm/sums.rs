//! Two sums for each element of a row, or for each channel.

use super::kernels;
use super::rows::Rows;
use crate::ops::cpu::real::Real;

/// Two sums for each element of a row, or for each channel.
#[derive(Clone, Debug)]
pub(super) struct Sums {
    pub(super) first: Vec<f64>,
    pub(super) second: Vec<f64>,
}

impl Sums {
    fn zero(len: usize) -> Sums {
        Sums { first: vec![0.; len], second: vec![0.; len] }
    }

    /// The sums of each channel from those of blocks, added in the order of the blocks.
    pub(super) fn of_channels(rows: &Rows, blocks: impl Iterator<Item = Sums>) -> Sums {
        let mut all = Sums::zero(rows.width);
        for block in blocks {
            for (sum, v) in all.first.iter_mut().zip(block.first) {
                *sum += v;
            }
            for (sum, v) in all.second.iter_mut().zip(block.second) {
                *sum += v;
            }
        }
        Sums { first: rows.folded(&all.first), second: rows.folded(&all.second) }
    }
}

/// Adds up a block, run by run.
pub(super) struct Adder<T> {
    first: Vec<T>,
    second: Vec<T>,
    total: Sums,
}

impl<T: Real> Adder<T> {
    pub(super) fn new(rows: &Rows) -> Adder<T> {
        let zeros = vec![T::zero(); rows.width];
        Adder { first: zeros.clone(), second: zeros, total: Sums::zero(rows.width) }
    }

    /// `add` adds the terms of one run to the two sums of each element of a row.
    pub(super) fn run(&mut self, add: impl FnOnce(&mut [T], &mut [T])) {
        add(&mut self.first, &mut self.second);
        kernels::widen(&mut self.first, &mut self.total.first);
        kernels::widen(&mut self.second, &mut self.total.second);
    }

    pub(super) fn total(self) -> Sums {
        self.total
    }
}
