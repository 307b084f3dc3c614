//! Calibration over a grid of temperatures, where a mode gives logits.

use crate::{CalibrationWanted, Error, Observation, Result, Sink};
use scribe_model::ScoreSpace;
use scribe_records::{Key, Probability, TemperatureSweep, TemperatureSweeps, Unit, is_fitted_on};

/// Sums the loss of clean images that the temperature is fitted on, and the calibration of those that are scored.
pub(crate) struct TemperatureSink<'a> {
    pub wanted: Option<&'a CalibrationWanted>,
}

impl Sink for TemperatureSink<'_> {
    fn wants_scores(&self, key: &Key) -> bool {
        let counts = key.condition.is_clean() || !is_fitted_on(&key.image_id);
        counts && self.wanted.is_some_and(|wanted| wanted.modes.contains(&key.mode))
    }

    fn observe(&self, key: &Key, seen: &Observation<'_>, unit: &mut Unit) -> Result<()> {
        let logits = matches!(seen.prediction.space, ScoreSpace::Logit | ScoreSpace::RebuildBackground);
        let (Some(wanted), true, true, Some(scores)) =
            (self.wanted, logits, self.wants_scores(key), &seen.prediction.scores)
        else {
            return Ok(());
        };
        let sigmoid = (seen.own_space == ScoreSpace::Sigmoid).then_some(Probability::Sigmoid);
        let mut sweeps = TemperatureSweeps::default();
        for probability in std::iter::once(Probability::Softmax).chain(sigmoid) {
            let mut sweep = TemperatureSweep::new(wanted.bins);
            let counted = if is_fitted_on(&key.image_id) {
                sweep.fit_image(probability, scores, seen.class_count, seen.label)
            } else {
                let class_map = &seen.prediction.class_map;
                sweep.score_image(probability, scores, seen.class_count, seen.label, class_map)
            };
            counted.map_err(|source| Error::Count { key: Box::new(key.clone()), source })?;
            sweeps.of.push((probability, sweep));
        }
        unit.sweeps.push((key.series(), sweeps));
        Ok(())
    }
}
