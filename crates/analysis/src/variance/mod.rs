//! How much of the uncertainty of a number comes from the pictures, the draws of the corruptions and the trainings.

mod contributions;
mod crossed;
mod split;

pub(crate) use split::{Split, VarianceSplits};

#[cfg(test)]
pub(crate) use crossed::{Crossed, Parts};
