//! What the scores of another program are: logits or probabilities.

use scribe_model::ScoreSpace;

/// How far the sum of a pixel's probabilities may be from 1: half-precision files round that much.
const ROUNDING: f32 = 0.01;

/// Why scores are not of the space that they should be of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Misfit {
    /// A score is no probability.
    NotProbability {
        /// The class.
        class: usize,
        /// The score.
        value: f32,
    },
    /// The probabilities of a pixel do not add up to 1.
    Sum {
        /// The pixel, counted row by row.
        pixel: usize,
        /// The sum over the classes.
        sum: f32,
    },
    /// They are probabilities, and should be logits.
    Probabilities,
}

/// Checks that scores, class by class with `pixels` values each, are what `space` says. Probabilities that were taken for
/// logits would go through a softmax once more, and their calibration would mean nothing.
///
/// # Errors
/// The first that does not fit.
pub(crate) fn check(scores: &[f32], pixels: usize, space: ScoreSpace) -> Result<(), Misfit> {
    let sum = |pixel: usize| scores.iter().skip(pixel).step_by(pixels).sum::<f32>();
    let outside = scores.iter().position(|p| !(-ROUNDING..=1.0 + ROUNDING).contains(p));
    let uneven = (0..pixels).find(|pixel| (sum(*pixel) - 1.0).abs() > ROUNDING);
    match (space, outside, uneven) {
        (ScoreSpace::Softmax | ScoreSpace::Sigmoid, Some(at), _) => {
            Err(Misfit::NotProbability { class: at / pixels, value: scores[at] })
        }
        (ScoreSpace::Softmax, None, Some(pixel)) => Err(Misfit::Sum { pixel, sum: sum(pixel) }),
        (ScoreSpace::Logit | ScoreSpace::RebuildBackground, None, None) => Err(Misfit::Probabilities),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(spaces.map(|space| check(&scores, 2, space).is_ok()), fits, "{scores:?}");
        }
        let misfit = |scores: &[f32], space| check(scores, 2, space).unwrap_err();
        assert_eq!(misfit(&probabilities, ScoreSpace::RebuildBackground), Misfit::Probabilities);
        assert_eq!(misfit(&logits, ScoreSpace::Softmax), Misfit::NotProbability { class: 0, value: 3.0 });
        assert_eq!(misfit(&sigmoids, ScoreSpace::Softmax), Misfit::Sum { pixel: 0, sum: 0.5 });
    }

    #[test]
    fn half_precision_is_close_enough() {
        let thirds = [0.3333, 0.3333, 0.334, 0.3333, 0.3333, 0.3335];
        assert_eq!(check(&thirds, 2, ScoreSpace::Softmax), Ok(()));
    }
}
