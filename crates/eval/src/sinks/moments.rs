//! The logit moments of chosen conditions and modes.

use crate::{Error, MomentsWanted, Observation, Result, Sink};
use scribe_model::ScoreSpace;
use scribe_records::{Key, LogitMoments, Unit};

/// Sums the logits and their products by predicted class, over all pixels, void ones included, as the authors do.
pub(crate) struct MomentsSink<'a> {
    pub wanted: &'a MomentsWanted,
}

impl Sink for MomentsSink<'_> {
    fn wants_scores(&self, key: &Key) -> bool {
        self.wanted.modes.contains(&key.mode) && self.wanted.conditions.contains(&key.condition)
    }

    fn observe(&self, key: &Key, seen: &Observation<'_>, unit: &mut Unit) -> Result<()> {
        let (true, Some(logits)) = (self.wants_scores(key), seen.scores) else { return Ok(()) };
        if seen.space != ScoreSpace::Logit {
            return Err(Error::Space { key: Box::new(key.clone()), space: seen.space.name().to_owned() });
        }
        let mut moments = LogitMoments::new(seen.classes);
        let added = moments.add(logits, seen.pred);
        added.map_err(|source| Error::Result { key: Box::new(key.clone()), source })?;
        unit.moments.push((key.series(), moments));
        Ok(())
    }
}
