//! Mean and variance of the channels of a map.

use super::NAME;
use crate::ops::cpu::real::read;
use candle_core::{Device, Result, Tensor};

/// Mean and biased variance of each channel, `[C]` in f64, on the device of the map.
#[derive(Clone, Debug)]
pub(super) struct Statistics {
    pub(super) mean: Tensor,
    pub(super) var: Tensor,
}

impl Statistics {
    /// From pairs (mean, variance) on the CPU.
    pub(super) fn from_pairs(pairs: &[(f64, f64)]) -> Result<Statistics> {
        let tensor = |values: Vec<f64>| Tensor::from_vec(values, pairs.len(), &Device::Cpu);
        Ok(Statistics {
            mean: tensor(pairs.iter().map(|pair| pair.0).collect())?,
            var: tensor(pairs.iter().map(|pair| pair.1).collect())?,
        })
    }

    /// Pairs (mean, variance) of statistics on the CPU.
    pub(super) fn pairs(&self) -> Result<Vec<(f64, f64)>> {
        read(NAME, &self.mean, |mean: &[f64]| {
            read(NAME, &self.var, |var: &[f64]| Ok(mean.iter().copied().zip(var.iter().copied()).collect()))
        })
    }
}
