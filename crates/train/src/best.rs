//! Keeps the network with the best validation.

use crate::Result;
use crate::job::Job;
use crate::metrics::Metrics;
use scribe_model::Model;

/// Keeps `best.safetensors`, the network with the highest clean mIoU so far (the first of equals).
///
/// Evaluation takes the last network, as the paper does. This one is for users who want it.
pub(crate) struct Best(Option<f64>);

impl Best {
    /// The best of the steps that a resumed training keeps. A file of a later step is overwritten when that step is made
    /// again.
    pub(crate) fn from_metrics(kept: &[Metrics]) -> Self {
        Self(kept.iter().filter_map(|metrics| metrics.miou).reduce(f64::max))
    }

    /// Writes the network if it is the best so far.
    pub(crate) fn offer(&mut self, miou: f64, job: &Job<'_>, model: &Model) -> Result<()> {
        if self.0.is_none_or(|best| miou > best) {
            model.save(&job.dir.join("best.safetensors"))?;
            self.0 = Some(miou);
        }
        Ok(())
    }
}
