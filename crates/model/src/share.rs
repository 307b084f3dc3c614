//! One process's share of a batch that several processes train on together.

use crate::ops::{Across, SumOverRanks};
use std::sync::Arc;

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
