//! Keeps the network with the best validation mIoU.

use crate::Result;
use crate::metrics::Metrics;
use crate::training::Training;
use scribe_model::Model;

/// Keeps `best.safetensors`, the network with the highest clean mIoU so far (the first of several equal ones).
///
/// Evaluation takes the last network, as the paper does. This one is for users who want it.
pub(crate) struct Best(Option<f64>);

impl Best {
    /// The best mIoU among the steps before the checkpoint. A `best.safetensors` from a later step is rewritten when
    /// training repeats that step.
    pub(crate) fn from_metrics(kept: &[Metrics]) -> Self {
        Self(kept.iter().filter_map(|metrics| metrics.miou).reduce(f64::max))
    }

    /// Writes the network if it is the best so far.
    pub(crate) fn offer(&mut self, miou: f64, training: &Training<'_>, model: &Model) -> Result<()> {
        if self.0.is_none_or(|best| miou > best) {
            model.save(&training.dir.join("best.safetensors"))?;
            self.0 = Some(miou);
        }
        Ok(())
    }
}
