//! Which sums can come of so many pixels. A store may hold any number, also one whose checksum is right; what no pixels
//! add up to is refused when it is read.

use crate::{CalibrationBin, Probability};

/// A little more than the largest logit that an f32 holds, for what sums round.
const LOGIT: f64 = 1.01 * f32::MAX as f64;
/// The most that the loss of a pixel can be: two logits differ by 2 `LOGIT`, are divided by a temperature of at least 0.25, and
/// sigmoids add up to 255 classes.
const LOSS: f64 = 255.0 * 8.0 * LOGIT;
/// The largest square of a probability that another program gave: it may be 0.01 off, as files of half precision are.
const SQUARE: f64 = 1.01 * 1.01;
/// What sums of probabilities may lose for each pixel.
const LOST: f64 = 1e-9;

type Checked = std::result::Result<(), String>;

/// A sum over pixels of which each gives a value from `low` to `high`.
fn sum(what: &str, value: f64, pixels: u64, [low, high]: [f64; 2]) -> Checked {
    let n = pixels as f64;
    if (n * (low - LOST)..=n * (high + LOST)).contains(&value) {
        return Ok(());
    }
    Err(format!("{what} is {value:?} over {pixels} pixels (expected {low:?} to {high:?} for each)"))
}

/// Sums of logits, and those of their products: an upper triangle row by row, or nothing.
pub(crate) fn logits(pixels: u64, sums: &[f64], packed: &[f64]) -> Checked {
    sums.iter().try_for_each(|value| sum("a sum of logits", *value, pixels, [-LOGIT, LOGIT]))?;
    products(pixels, packed)?;
    let mut rest = packed;
    for length in (1..=sums.len()).rev() {
        let Some((row, below)) = rest.split_at_checked(length) else { break };
        sum("a sum of squared logits", row[0], pixels, [0.0, LOGIT * LOGIT])?;
        rest = below;
    }
    Ok(())
}

/// Sums of products of two logits.
pub(crate) fn products(pixels: u64, values: &[f64]) -> Checked {
    let most = LOGIT * LOGIT;
    values.iter().try_for_each(|value| sum("a sum of products of logits", *value, pixels, [-most, most]))
}

/// Sums of squared errors over the classes: at most 2 where probabilities add up to 1, otherwise 1 for each class. The 0.01 by
/// which probabilities may be off is 1e-4 for each of the other classes.
pub(crate) fn squares(probability: Probability, classes: usize, pixels: u64, value: f64) -> Checked {
    let errors = match probability {
        Probability::Softmax => 2,
        Probability::Sigmoid => classes.max(2),
    };
    let most = errors as f64 * SQUARE + classes as f64 * 1e-4;
    sum("the sum of squared errors", value, pixels, [0.0, most])
}

/// The confidences of a bin.
pub(crate) fn bin(bin: &CalibrationBin) -> Checked {
    if bin.correct > bin.count {
        return Err(format!("{} pixels of a bin are right, of {}", bin.correct, bin.count));
    }
    sum("the sum of confidences of a bin", bin.confidence, bin.count, [-0.01, 1.01])
}

/// The losses at the temperatures of a sweep.
pub(crate) fn losses(pixels: u64, values: &[f64]) -> Checked {
    values.iter().try_for_each(|value| sum("a sum of losses", *value, pixels, [0.0, LOSS]))
}

/// The sums for END: each is of products of two numbers in [0, 1].
pub(crate) fn distinctiveness(pixels: u64, joint: f64, pairwise: f64) -> Checked {
    sum("joint", joint, pixels, [0.0, 1.0])?;
    sum("pairwise", pairwise, pixels, [0.0, 1.0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_what_pixels_give_are_taken_and_what_is_beyond_is_not() {
        let f = f64::from(f32::MAX);
        logits(2, &[-2.0 * f, 2.0 * f], &[2.0 * f * f, -2.0 * f * f, 0.0]).unwrap();
        logits(0, &[0.0], &[0.0]).unwrap();
        logits(2, &[1.0, 1.0], &[]).unwrap();
        distinctiveness(4, 0.0, 4.0).unwrap();
        losses(1, &[0.0, 8.0 * 255.0 * f]).unwrap();
        // Of two channels the triangle is xx, xy, yy: the second square is its third number.
        let said = logits(2, &[1.0, 1.0], &[1.0, 1.0, -1.0]).unwrap_err();
        assert!(
            said.starts_with("a sum of squared logits is -1.0 over 2 pixels (expected 0.0 to "),
            "{said}"
        );
        for refused in [
            logits(0, &[1.0], &[]),
            logits(2, &[2.1 * f], &[]),
            products(1, &[f64::NAN]),
            losses(3, &[-1.0]),
            losses(3, &[f64::INFINITY]),
            distinctiveness(4, 4.1, 0.0),
            squares(Probability::Softmax, 2, 1, 2.1),
            bin(&CalibrationBin { count: 2, correct: 3, confidence: 1.0 }),
            bin(&CalibrationBin { count: 2, correct: 1, confidence: 2.1 }),
        ] {
            assert!(refused.is_err());
        }
    }
}
