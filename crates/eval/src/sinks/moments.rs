//! The logit moments of chosen conditions and modes, by class or, of many classes, of all pixels together.

use crate::{Error, MomentsWanted, Observation, Result, Sink};
use scribe_model::ScoreSpace;
use scribe_records::{Key, LogitMoments, MomentDetail, Unit};

/// Sums the logits and their products by predicted class, over all pixels, void ones included, as the authors do.
pub(crate) struct MomentsSink<'a> {
    pub wanted: &'a MomentsWanted,
}

impl Sink for MomentsSink<'_> {
    fn wants_moments(&self, key: &Key) -> bool {
        self.wanted.modes.contains(&key.mode) && self.wanted.conditions.contains(&key.condition)
    }

    fn observe(&self, key: &Key, seen: &Observation<'_>, unit: &mut Unit) -> Result<()> {
        let prediction = seen.prediction;
        if !self.wants_moments(key) || prediction.moments.is_none() && prediction.scores.is_none() {
            return Ok(());
        }
        if prediction.space != ScoreSpace::Logit {
            let space = prediction.space.name().to_owned();
            return Err(Error::NotLogits { key: Box::new(key.clone()), space });
        }
        let detail = MomentDetail::kept(seen.class_count, key.condition.is_clean());
        let moments = match (&prediction.moments, &prediction.scores) {
            (Some(sums), _) => {
                LogitMoments::from_sums(seen.class_count, sums).map(|sums| sums.coarsened(detail))
            }
            (None, scores) => {
                let mut moments = LogitMoments::with_detail(seen.class_count, detail);
                let logits = scores.as_deref().unwrap_or_default();
                moments.add(logits, &prediction.class_map).map(|()| moments)
            }
        };
        let moments = moments.map_err(|source| Error::Count { key: Box::new(key.clone()), source })?;
        unit.moments.push((key.series(), moments));
        Ok(())
    }
}
