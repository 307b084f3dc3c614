//! The network of these tests without pipes: logits that follow from each pixel's red.

use scribe_eval::{Picture, Prediction, Predictor, PredictorError, Wants};
use scribe_model::{Inference, ScoreSpace};

/// The logit of a class for a pixel: multiples of 1/16 below 16, which half precision holds exactly.
pub(crate) fn logit(class: usize, red: u8) -> f32 {
    match class {
        0 => (110.0 - f32::from(red)) / 16.0,
        15 => (f32::from(red) - 110.0) / 16.0,
        _ => -1.0,
    }
}

/// All logits of an image of RGB bytes, class after class.
pub(crate) fn logits(pixels: &[u8]) -> Vec<f32> {
    (0..21).flat_map(|class| pixels.chunks(3).map(move |rgb| logit(class, rgb[0]))).collect()
}

/// It predicts in this process.
pub(crate) struct Reference;

impl Predictor for Reference {
    fn class_count(&self) -> usize {
        21
    }

    fn own_space(&self) -> ScoreSpace {
        ScoreSpace::Softmax
    }

    fn predict(
        &self,
        pictures: &[Picture<'_>],
        _: &Inference,
        wants: &dyn Fn(usize) -> Wants,
    ) -> Result<Vec<Prediction>, PredictorError> {
        let one = |(n, picture): (usize, &Picture<'_>)| {
            let whole = Prediction::of_logits(21, logits(picture.image.as_raw()));
            if wants(n).any() { whole } else { Prediction::of_classes(whole.class_map) }
        };
        Ok(pictures.iter().enumerate().map(one).collect())
    }
}
