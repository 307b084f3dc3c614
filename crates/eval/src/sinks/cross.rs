//! Clean logits and logits under a condition, multiplied pixel by pixel.

use crate::{Error, Observation, Result, Sink};
use scribe_model::ScoreSpace;
use scribe_records::{CrossMoments, Key, Mode, Unit};

/// Sums the products of clean and corrupted logits over all pixels, void ones included.
pub(crate) struct CrossSink<'a> {
    pub modes: &'a [Mode],
}

impl Sink for CrossSink<'_> {
    fn wants_scores(&self, key: &Key) -> bool {
        self.modes.contains(&key.mode)
    }

    fn wants_clean(&self, key: &Key) -> bool {
        self.modes.contains(&key.mode) && !key.condition.is_clean()
    }

    fn observe(&self, key: &Key, seen: &Observation<'_>, unit: &mut Unit) -> Result<()> {
        let (true, Some(clean), Some(corrupted)) = (self.wants_clean(key), seen.clean, seen.scores) else {
            return Ok(());
        };
        if seen.space != ScoreSpace::Logit {
            return Err(Error::Space { key: Box::new(key.clone()), space: seen.space.name().to_owned() });
        }
        let mut cross = CrossMoments::new(seen.classes);
        let added = cross.add(clean, corrupted);
        added.map_err(|source| Error::Result { key: Box::new(key.clone()), source })?;
        unit.cross_moments.push((key.series(), cross));
        Ok(())
    }
}
