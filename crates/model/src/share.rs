//! One process's share of a batch that several processes train on together.

use crate::ops::Across;
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

/// The pictures `first..` of a batch of `of`, as many as the tensor at hand holds.
#[derive(Clone, Debug)]
pub struct Share {
    /// Place of the first picture in the whole batch.
    pub first: usize,
    /// Pictures of the whole batch.
    pub of: usize,
    /// Batch norm takes its statistics over the pictures of all processes where this is given, else over the share.
    pub statistics: Option<Arc<dyn SumOverRanks>>,
}

impl Share {
    /// The whole batch of `pictures` in one process.
    pub fn whole(pictures: usize) -> Share {
        Share { first: 0, of: pictures, statistics: None }
    }

    /// Whose statistics batch norm takes, where they are those of all processes.
    pub(crate) fn across(&self) -> Option<Across> {
        self.statistics.clone().map(|group| Across { group, pictures: self.of })
    }
}
