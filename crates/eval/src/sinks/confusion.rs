//! The confusion matrix of every prediction.

use crate::{Error, Observation, Result, Sink};
use scribe_records::{Confusion, Key, SparseConfusion, Unit};

/// Counts pixels by true and predicted class.
pub(crate) struct ConfusionSink;

impl Sink for ConfusionSink {
    fn observe(&self, key: &Key, seen: &Observation<'_>, unit: &mut Unit) -> Result<()> {
        let mut confusion = Confusion::new(seen.class_count);
        let add = if seen.may_ignore { Confusion::add_mapped } else { Confusion::add };
        let counted = add(&mut confusion, seen.label, &seen.prediction.class_map)
            .and_then(|()| SparseConfusion::try_from(&confusion));
        let sparse = counted.map_err(|source| Error::Count { key: Box::new(key.clone()), source })?;
        unit.confusions.push((key.series(), sparse));
        Ok(())
    }
}
