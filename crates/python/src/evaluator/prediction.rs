//! What a network answered for one picture, brought to the size of the truth and to the scored classes.

use super::classes::ScoredClasses;
use super::upsample::upsampled;
use pyo3::PyResult;
use pyo3::exceptions::PyValueError;
use std::borrow::Cow;

/// How far the sum of a pixel's probabilities may be from 1, as in `scribe eval --predictions`.
const ROUNDING: f32 = 0.01;

/// An answer as the caller gave it.
#[derive(Clone, Copy)]
pub(super) enum Answer<'a> {
    /// The class of every pixel.
    Classes(&'a [i32]),
    /// One plane of logits for each class, of this height and width, which are at most those of the truth.
    Logits(&'a [f32], [usize; 2]),
}

/// An answer for every pixel of the truth.
pub(super) struct Prediction<'a> {
    /// The scored class of each pixel, 255 where it became none.
    pub classes: Vec<u8>,
    /// One plane of logits for each scored class; none where classes are mapped, or nothing else was given.
    pub logits: Option<Cow<'a, [f32]>>,
}

impl<'a> Prediction<'a> {
    /// The answer for a truth of this height and width.
    ///
    /// # Errors
    /// A value is no class, a logit is not finite, or the logits are probabilities; `MemoryError` where there is too little.
    pub(super) fn new(
        answer: Answer<'a>,
        size @ [height, width]: [usize; 2],
        classes: &ScoredClasses,
    ) -> PyResult<Prediction<'a>> {
        let (known, logits) = match answer {
            Answer::Classes(values) => (classes.known(values, width)?, None),
            Answer::Logits(planes, of) => {
                check(planes, of)?;
                let whole =
                    if of == size { Cow::Borrowed(planes) } else { Cow::Owned(upsampled(planes, of, size)?) };
                (argmax(&whole, height * width), Some(whole))
            }
        };
        // Scores of the scored classes do not follow from those of others.
        let logits = logits.filter(|_| !classes.are_mapped());
        Ok(Prediction { classes: classes.mapped(known), logits })
    }
}

/// Refuses numbers that are not finite, and probabilities: a softmax of those would mean nothing.
fn check(planes: &[f32], [height, width]: [usize; 2]) -> PyResult<()> {
    let pixels = height * width;
    if let Some(at) = planes.iter().position(|value| !value.is_finite()) {
        let (class, pixel) = (at / pixels, at % pixels);
        return Err(PyValueError::new_err(format!(
            "a logit of class {class} is infinite or not a number: {} at x={}, y={} (expected finite numbers)",
            planes[at],
            pixel % width,
            pixel / width
        )));
    }
    let sum = |pixel: usize| planes.iter().skip(pixel).step_by(pixels).sum::<f32>();
    let in_range = planes.iter().all(|value| (-ROUNDING..=1.0 + ROUNDING).contains(value));
    if in_range && (0..pixels).all(|pixel| (sum(pixel) - 1.0).abs() <= ROUNDING) {
        return Err(PyValueError::new_err(
            "these are probabilities: each pixel's add up to 1 (expected logits, such as numpy.log of them)",
        ));
    }
    Ok(())
}

/// The largest class of each pixel; the first one wins a tie.
fn argmax(logits: &[f32], pixels: usize) -> Vec<u8> {
    let mut classes = vec![0; pixels];
    let mut largest = logits[..pixels].to_vec();
    for (class, plane) in (0..=u8::MAX).zip(logits.chunks_exact(pixels)).skip(1) {
        for ((best, chosen), &value) in largest.iter_mut().zip(&mut classes).zip(plane) {
            if value > *best {
                (*best, *chosen) = (value, class);
            }
        }
    }
    classes
}
