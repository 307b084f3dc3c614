//! Calibration: how confident the predictions are, and how often they are right.

use crate::{CalibrationWanted, Error, Observation, Result, Sink};
use scribe_model::ScoreSpace;
use scribe_records::{Calibration, Key, Probability, Unit};

/// Counts confidences and squared errors of labelled pixels.
pub(crate) struct CalibrationSink<'a> {
    pub wanted: Option<&'a CalibrationWanted>,
}

impl Sink for CalibrationSink<'_> {
    fn wants_scores(&self, key: &Key) -> bool {
        self.wanted.is_some_and(|wanted| wanted.modes.contains(&key.mode))
    }

    fn observe(&self, key: &Key, seen: &Observation<'_>, unit: &mut Unit) -> Result<()> {
        let (Some(wanted), true, Some(scores)) =
            (self.wanted, self.wants_scores(key), &seen.prediction.scores)
        else {
            return Ok(());
        };
        let class_map = &seen.prediction.class_map;
        for (probability, transform) in transforms(seen.prediction.space, seen.own_space) {
            let mut calibration = Calibration::new(wanted.bins);
            let counted = calibration.add_image(scores, seen.class_count, seen.label, class_map, transform);
            counted.map_err(|source| Error::Count { key: Box::new(key.clone()), source })?;
            unit.calibrations.push((key.series(), probability, calibration));
        }
        Ok(())
    }
}

type Transform = fn(&mut [f64]);

/// How the scores of a mode become probabilities. Logits give softmax for every objective, so that objectives can be
/// compared, and also sigmoids if the objective trains sigmoids; averaged probabilities are used unchanged.
fn transforms(space: ScoreSpace, own: ScoreSpace) -> Vec<(Probability, Transform)> {
    match space {
        ScoreSpace::Softmax => vec![(Probability::Softmax, |_| ())],
        ScoreSpace::Sigmoid => vec![(Probability::Sigmoid, |_| ())],
        ScoreSpace::Logit | ScoreSpace::RebuildBackground => {
            let mut all: Vec<(Probability, Transform)> =
                vec![(Probability::Softmax, |row| Probability::Softmax.of_logits(row))];
            if own == ScoreSpace::Sigmoid {
                all.push((Probability::Sigmoid, |row| Probability::Sigmoid.of_logits(row)));
            }
            all
        }
    }
}
