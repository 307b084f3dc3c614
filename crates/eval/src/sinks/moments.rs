//! The logit moments of chosen conditions and modes.

use crate::{Error, MomentsWanted, Observation, Result, Sink};
use scribe_model::ScoreSpace;
use scribe_records::{Key, LogitMoments, Unit};

/// Sums the logits and their products by predicted class, over all pixels, void ones included, as the authors do.
pub(crate) struct MomentsSink<'a> {
    pub wanted: &'a MomentsWanted,
}

impl Sink for MomentsSink<'_> {
    fn wants_moments(&self, key: &Key) -> bool {
        self.wanted.modes.contains(&key.mode) && self.wanted.conditions.contains(&key.condition)
    }

    fn observe(&self, key: &Key, seen: &Observation<'_>, unit: &mut Unit) -> Result<()> {
        if !self.wants_moments(key) || seen.moments.is_none() && seen.scores.is_none() {
            return Ok(());
        }
        if seen.space != ScoreSpace::Logit {
            return Err(Error::Space { key: Box::new(key.clone()), space: seen.space.name().to_owned() });
        }
        let moments = match (seen.moments, seen.scores) {
            (Some(sums), _) => LogitMoments::from_sums(seen.classes, sums),
            (None, scores) => of_pixels(seen.classes, scores.unwrap_or_default(), seen.pred),
        };
        let moments = moments.map_err(|source| Error::Result { key: Box::new(key.clone()), source })?;
        unit.moments.push((key.series(), moments));
        Ok(())
    }
}

fn of_pixels(classes: usize, logits: &[f32], pred: &[u8]) -> scribe_records::Result<LogitMoments> {
    let mut moments = LogitMoments::new(classes);
    moments.add(logits, pred)?;
    Ok(moments)
}
