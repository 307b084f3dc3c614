//! The part of a batch that one of several processes computes.

use crate::ops::{Across, SumOverRanks};
use std::sync::Arc;

/// The place of a process's images in the global batch, which several processes divide among them.
///
/// The process computes as many images as the tensor that it passes holds, beginning with image `first` of the global
/// batch. Dropout needs the place, so that its mask does not depend on the number of processes.
#[derive(Clone, Debug)]
pub struct LocalBatch {
    /// Index of the process's first image in the global batch.
    pub first: usize,
    /// Number of images in the global batch.
    pub global: usize,
    /// Where it is given, batch norm takes its statistics over the images of all processes; otherwise over this process's
    /// images alone.
    pub statistics: Option<Arc<dyn SumOverRanks>>,
}

impl LocalBatch {
    /// A global batch of `images` that one process computes.
    #[must_use]
    pub fn whole(images: usize) -> LocalBatch {
        LocalBatch { first: 0, global: images, statistics: None }
    }

    /// What batch norm needs to take its statistics over all processes, where it does.
    pub(crate) fn across(&self) -> Option<Across> {
        self.statistics.clone().map(|group| Across { group, pictures: self.global })
    }
}
