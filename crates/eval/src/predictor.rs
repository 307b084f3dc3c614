//! A predictor: a network, or anything else that can name a class for each pixel.

use image::RgbImage;
use scribe_model::{Inference, ScoreSpace};
use scribe_records::Condition;

/// The error of a predictor, of whatever type it has.
pub type PredictorError = Box<dyn std::error::Error + Send + Sync>;

/// An image that is to be predicted.
#[derive(Clone, Copy)]
pub struct Picture<'a> {
    /// Its id in the split.
    pub image_id: &'a str,
    /// What was done to it.
    pub condition: &'a Condition,
    /// The image itself.
    pub image: &'a RgbImage,
}

/// What is wanted of one image besides its classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wants {
    /// [`Prediction::scores`].
    pub scores: bool,
    /// [`Prediction::moments`], or [`Prediction::scores`] from a predictor that has no quicker way to them.
    pub moments: bool,
}

impl Wants {
    /// Whether a predictor that only gives scores must give them.
    pub fn any(self) -> bool {
        self.scores || self.moments
    }
}

/// The prediction of one image.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// The class of each pixel, row by row.
    pub class_map: Vec<u8>,
    /// One plane of scores for each class at the image's size, class after class, where they were wanted and exist.
    pub scores: Option<Vec<f32>>,
    /// Sums of the logits by predicted class, as [`scribe_records::LogitMoments::from_sums`] takes them, where they were
    /// wanted and the predictor has them without the scores. Networks on a GPU do.
    pub moments: Option<Vec<f64>>,
    /// What the scores are.
    pub space: ScoreSpace,
}

impl Prediction {
    /// Classes without scores, of a predictor that has none; calibration and moments are not counted of it.
    #[must_use]
    pub fn of_classes(class_map: Vec<u8>) -> Prediction {
        Prediction { class_map, scores: None, moments: None, space: ScoreSpace::Logit }
    }

    /// Logits, `class_count` planes of the image's size; each pixel's class is the first of its largest logits.
    ///
    /// # Panics
    /// If there are not 1 to 255 whole planes, which is a mistake in the program and not in its input.
    #[must_use]
    pub fn of_logits(class_count: usize, logits: Vec<f32>) -> Prediction {
        let whole = (1..=255).contains(&class_count) && logits.len().is_multiple_of(class_count);
        assert!(whole, "{} logits are not planes of {class_count} classes", logits.len());
        let pixels = logits.len() / class_count;
        let mut class_map = vec![0; pixels];
        let mut largest = logits[..pixels].to_vec();
        for class in 1..class_count {
            let plane = &logits[class * pixels..][..pixels];
            for ((&logit, largest), best) in plane.iter().zip(&mut largest).zip(&mut class_map) {
                if logit > *largest {
                    (*largest, *best) = (logit, class as u8);
                }
            }
        }
        Prediction { class_map, scores: Some(logits), moments: None, space: ScoreSpace::Logit }
    }
}

/// Something that predicts images: one of scribe's networks, the files of another program ([`crate::PredictionFolder`]), or your
/// own type.
///
/// The prediction of an image must not depend on the others of its batch.
pub trait Predictor: Sync {
    /// The number of classes, with background as class 0.
    fn class_count(&self) -> usize;

    /// The kind of probabilities that its training aims at; for most networks [`ScoreSpace::Softmax`].
    fn own_space(&self) -> ScoreSpace;

    /// Whether predictions may be 255 where the class is one that is not scored ([`crate::Mapped`]).
    fn may_ignore(&self) -> bool {
        false
    }

    /// Predicts images of one size; `wants` says for each, by its place in `pictures`, what is wanted of it.
    ///
    /// # Errors
    /// Whatever keeps it from predicting. The evaluation adds the image, the condition and the model.
    fn predict(
        &self,
        pictures: &[Picture<'_>],
        how: &Inference,
        wants: &dyn Fn(usize) -> Wants,
    ) -> Result<Vec<Prediction>, PredictorError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_largest_logits_is_the_class() {
        // Three classes of two pixels: 1, 3, 2 and 5, 4, 5.
        let prediction = Prediction::of_logits(3, vec![1.0, 5.0, 3.0, 4.0, 2.0, 5.0]);
        assert_eq!(prediction.class_map, [1, 0]);
    }
}
