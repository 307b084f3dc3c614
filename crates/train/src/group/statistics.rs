//! Sums for batch statistics over all processes.

use super::Collective;
use candle_core::{Result, Tensor};
use scribe_model::SumOverRanks;
use std::sync::Arc;

/// A group in the form that the network's layers use.
#[derive(Clone, Debug)]
pub(crate) struct Statistics(pub(crate) Arc<dyn Collective>);

impl SumOverRanks for Statistics {
    fn sum(&self, values: &Tensor) -> Result<Tensor> {
        let sums = self.0.sum(std::slice::from_ref(values)).map_err(candle_core::Error::wrap)?;
        Ok(sums.into_iter().next().expect("a group gives one sum for each tensor"))
    }
}
