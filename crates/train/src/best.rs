//! The network that validated best.

use crate::Result;
use crate::config::Job;
use crate::monitor::Metrics;
use scribe_model::Model;

/// Keeps `best.safetensors`: the network of the highest clean mIoU so far, the first of equals.
///
/// Evaluation takes the last network, as the paper does; this one is for users who want it.
pub(crate) struct Best(Option<f64>);

impl Best {
    /// The best of the steps that a resumed run keeps. A file of a later step is overwritten when that step is made again.
    pub(crate) fn of(kept: &[Metrics]) -> Self {
        Self(kept.iter().filter_map(|metrics| metrics.miou).reduce(f64::max))
    }

    /// Writes the network if it is better.
    pub(crate) fn offer(&mut self, miou: f64, job: &Job<'_>, model: &Model) -> Result<()> {
        if self.0.is_none_or(|best| miou > best) {
            model.save(&job.dir.join("best.safetensors"))?;
            self.0 = Some(miou);
        }
        Ok(())
    }
}
