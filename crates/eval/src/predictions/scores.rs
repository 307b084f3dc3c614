//! What the numbers of a file of scores are: logits or probabilities, by the mode under which they are entered.

use super::{PredictionsError, Result};
use scribe_model::{Inference, ScoreSpace};
use std::path::Path;

/// How far the sum of a pixel's probabilities may be from 1: half-precision files round that much.
const ROUNDING: f32 = 0.01;

/// What a file of scores holds in a mode. `single`, `msc-logit` and `msc-rebuild` hold logits; `msc` and `msc-softmax` hold
/// probabilities of all classes, averaged over scales; `msc-sigmoid` holds averaged sigmoids.
pub(super) fn space(how: &Inference) -> ScoreSpace {
    match how {
        Inference::Single => ScoreSpace::Logit,
        Inference::MultiScale { space, .. } => space.unwrap_or(ScoreSpace::Softmax),
    }
}

/// Checks that scores, class by class with `pixels` values each, are what the mode says. Probabilities that were taken for
/// logits would go through a softmax once more, and their calibration would mean nothing.
///
/// # Errors
/// Names the file, the first value that does not fit, and the mode that does.
pub(super) fn check(scores: &[f32], pixels: usize, space: ScoreSpace, path: &Path) -> Result<()> {
    let path = path.to_owned();
    let sum = |pixel: usize| scores.iter().skip(pixel).step_by(pixels).sum::<f32>();
    let outside = scores.iter().position(|p| !(-ROUNDING..=1.0 + ROUNDING).contains(p));
    let uneven = (0..pixels).find(|pixel| (sum(*pixel) - 1.0).abs() > ROUNDING);
    match space {
        ScoreSpace::Softmax | ScoreSpace::Sigmoid => {
            if let Some(at) = outside {
                return Err(PredictionsError::NotProbabilities {
                    path,
                    class: at / pixels,
                    value: scores[at],
                });
            }
            match uneven.filter(|_| space == ScoreSpace::Softmax) {
                Some(pixel) => Err(PredictionsError::Sum { path, pixel, sum: sum(pixel) }),
                None => Ok(()),
            }
        }
        ScoreSpace::Logit | ScoreSpace::RebuildBackground if outside.is_none() && uneven.is_none() => {
            Err(PredictionsError::Probabilities { path })
        }
        ScoreSpace::Logit | ScoreSpace::RebuildBackground => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(scores: &[f32], space: ScoreSpace) -> String {
        check(scores, 2, space, Path::new("a.npy")).map_or_else(|e| e.to_string(), |()| "fits".into())
    }

    #[test]
    fn logits_and_probabilities_are_told_apart() {
        // Two pixels of two classes, class by class.
        let probabilities = [0.25, 0.5, 0.75, 0.5];
        let sigmoids = [0.25, 0.5, 0.25, 0.9];
        let logits = [3.0, -1.0, 0.5, 0.5];
        for (scores, fits) in [
            (probabilities, [false, true, true]),
            (sigmoids, [true, false, true]),
            (logits, [true, false, false]),
        ] {
            let spaces = [ScoreSpace::Logit, ScoreSpace::Softmax, ScoreSpace::Sigmoid];
            assert_eq!(spaces.map(|space| says(&scores, space) == "fits"), fits, "{scores:?}");
        }
        assert!(says(&probabilities, ScoreSpace::RebuildBackground).contains("numpy.log"));
        assert!(says(&logits, ScoreSpace::Softmax).contains("class 0 is 3"));
        assert!(says(&sigmoids, ScoreSpace::Softmax).contains("pixel 0 add up to 0.5"));
    }

    #[test]
    fn half_precision_is_close_enough() {
        let thirds = [0.3333, 0.3333, 0.334, 0.3333, 0.3333, 0.3335];
        assert_eq!(says(&thirds, ScoreSpace::Softmax), "fits");
    }
}
