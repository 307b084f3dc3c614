//! Products of matrices: the work of every convolution.
//!
//! One small product does all of it: [`Tile`] adds the product of a few rows and a panel of [`PANEL`] columns to a
//! block of sums. Where the numbers of the left side are in memory is free, so pixels are read in place; the right side
//! is packed into panels first, which are read from end to end. Whoever cuts the work into tiles decides the order of
//! the sums, and none of it depends on the number of threads.

mod avx2;
mod avx512;
mod multiply;
mod pack;
mod portable;
mod tile;

pub(in crate::ops::cpu) use multiply::Multiply;
pub(in crate::ops::cpu) use pack::{Panels, pack_columns, pack_rows};
pub(in crate::ops::cpu) use tile::{DEPTH, PANEL, Tile, pieces};
