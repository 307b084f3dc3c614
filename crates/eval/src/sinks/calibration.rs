//! Calibration: how confident the predictions are, and how often they are right.

use crate::{CalibrationWanted, Error, Observation, Result, Sink};
use scribe_model::ScoreSpace;
use scribe_records::{Calibration, Key, Probability, Unit, VOID, for_each_pixel};

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
            for_each_pixel(scores, seen.class_count, class_map.len(), |pixel, row| {
                let truth = seen.label[pixel];
                if truth == VOID {
                    return;
                }
                transform(row);
                let (pred, right) = (class_map[pixel], class_map[pixel] == truth);
                let all: f64 = row.iter().map(|p| p * p).sum();
                // sum (p_c - y_c)^2 with y one-hot: sum p_c^2 - 2 p_truth + 1.
                let squares = all - 2.0 * row[truth as usize] + 1.0;
                calibration.add(row[pred as usize], right, squares);
            })
            .map_err(|source| Error::Count { key: Box::new(key.clone()), source })?;
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
            let mut all: Vec<(Probability, Transform)> = vec![(Probability::Softmax, softmax)];
            if own == ScoreSpace::Sigmoid {
                all.push((Probability::Sigmoid, sigmoid));
            }
            all
        }
    }
}

fn softmax(row: &mut [f64]) {
    let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for value in row.iter_mut() {
        *value = (*value - largest).exp();
        sum += *value;
    }
    row.iter_mut().for_each(|value| *value /= sum);
}

fn sigmoid(row: &mut [f64]) {
    row.iter_mut().for_each(|value| *value = 1.0 / (1.0 + (-*value).exp()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_of_large_logits_are_finite() {
        let mut row = [80.0, -80.0, 80.0];
        softmax(&mut row);
        assert_eq!(row.map(|p| (p * 1e6).round() / 1e6), [0.5, 0.0, 0.5]);
        let mut row = [800.0, -800.0, 0.0];
        sigmoid(&mut row);
        assert_eq!(row, [1.0, 0.0, 0.5]);
    }
}
