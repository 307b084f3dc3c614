//! Clean logits and logits under a condition, multiplied pixel by pixel.

use crate::{Error, MomentsWanted, Observation, Result, Sink};
use scribe_model::ScoreSpace;
use scribe_records::{CrossMoments, Key, Unit};

/// Sums the products of clean and corrupted logits over all pixels, void ones included.
pub(crate) struct CrossMomentsSink<'a> {
    pub wanted: &'a MomentsWanted,
}

impl Sink for CrossMomentsSink<'_> {
    fn wants_scores(&self, key: &Key) -> bool {
        // The clean scores are compared with those of the other conditions.
        let conditions = &self.wanted.conditions;
        let wanted = if key.condition.is_clean() {
            conditions.iter().any(|condition| !condition.is_clean())
        } else {
            conditions.contains(&key.condition)
        };
        wanted && self.wanted.modes.contains(&key.mode)
    }

    fn wants_clean(&self, key: &Key) -> bool {
        !key.condition.is_clean() && self.wants_scores(key)
    }

    fn observe(&self, key: &Key, seen: &Observation<'_>, unit: &mut Unit) -> Result<()> {
        let clean = seen.clean.and_then(|clean| clean.scores.as_ref());
        let (true, Some(clean), Some(corrupted)) = (self.wants_clean(key), clean, &seen.prediction.scores)
        else {
            return Ok(());
        };
        let space = seen.prediction.space;
        if space != ScoreSpace::Logit {
            return Err(Error::NotLogits { key: Box::new(key.clone()), space: space.name().to_owned() });
        }
        let mut cross = CrossMoments::new(seen.class_count);
        let added = cross.add(clean, corrupted);
        added.map_err(|source| Error::Count { key: Box::new(key.clone()), source })?;
        unit.cross_moments.push((key.series(), cross));
        Ok(())
    }
}
