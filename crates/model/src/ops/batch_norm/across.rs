//! The processes that train on one batch together, as an operator sees them.

use candle_core::{Result, Tensor};
use std::fmt::Debug;
use std::sync::Arc;

/// Adds over the processes that train together; all of them call it in the same order.
pub trait SumOverRanks: Send + Sync + Debug {
    /// The sum of a tensor of f64 over the processes, the same bytes on all of them.
    ///
    /// # Errors
    /// When a process is gone.
    fn sum(&self, values: &Tensor) -> Result<Tensor>;
}

/// The processes whose pictures are one batch.
#[derive(Clone, Debug)]
pub struct Across {
    /// Adds over them.
    pub group: Arc<dyn SumOverRanks>,
    /// Pictures of all of them.
    pub pictures: usize,
}
