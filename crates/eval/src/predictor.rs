//! Who predicts: a network, or anything else that can say a class for each pixel.

use candle_core::{DType, Tensor};
use image::RgbImage;
use scribe_model::{Inference, Model, ScoreSpace, input};
use scribe_records::Condition;

/// What a predictor's failure is, in its own words.
pub type PredictorError = Box<dyn std::error::Error + Send + Sync>;

/// A picture to be predicted.
#[derive(Clone, Copy)]
pub struct Picture<'a> {
    /// Its id in the split.
    pub id: &'a str,
    /// What was done to it.
    pub condition: &'a Condition,
    /// Its pixels.
    pub pixels: &'a RgbImage,
}

/// What is said about one picture.
pub struct View {
    /// The class of each pixel, row by row.
    pub classes: Vec<u8>,
    /// One plane of scores for each class at the picture's size, where they were wanted and exist.
    pub scores: Option<Vec<f32>>,
    /// What the scores are.
    pub space: ScoreSpace,
}

/// Something that predicts pictures. The view of a picture must not depend on the others of its batch.
pub trait Predictor: Sync {
    /// The number of classes.
    fn classes(&self) -> usize;

    /// The space whose probabilities the objective trains.
    fn own_space(&self) -> ScoreSpace;

    /// Predicts pictures of one size; `wants_scores` says of each, by its place, whether its scores are wanted.
    ///
    /// # Errors
    /// Whatever keeps it from predicting; it names the picture where that is not clear.
    fn view(
        &self,
        pictures: &[Picture<'_>],
        how: &Inference,
        wants_scores: &dyn Fn(usize) -> bool,
    ) -> Result<Vec<View>, PredictorError>;
}

impl Predictor for Model {
    fn classes(&self) -> usize {
        Model::classes(self)
    }

    fn own_space(&self) -> ScoreSpace {
        self.objective().default_space()
    }

    fn view(
        &self,
        pictures: &[Picture<'_>],
        how: &Inference,
        wants_scores: &dyn Fn(usize) -> bool,
    ) -> Result<Vec<View>, PredictorError> {
        let Some(first) = pictures.first() else { return Ok(Vec::new()) };
        let (width, height) = first.pixels.dimensions();
        let (width, height) = (width as usize, height as usize);
        let pixels: Vec<&[u8]> = pictures.iter().map(|p| p.pixels.as_raw().as_slice()).collect();
        let x = input::from_rgb(&pixels, height, width, self.parameters().device())?;
        let prediction = self.predict(&x, how)?;
        let area = width * height;
        let one = |n: usize| {
            let scores = wants_scores(n).then(|| planes(&prediction.logits, n)).transpose()?;
            let classes = prediction.classes[n * area..][..area].to_vec();
            Ok(View { classes, scores, space: prediction.space })
        };
        (0..pictures.len()).map(one).collect()
    }
}

/// The score planes of one picture of a batch, on the host.
fn planes(scores: &Tensor, n: usize) -> candle_core::Result<Vec<f32>> {
    scores.get(n)?.to_dtype(DType::F32)?.flatten_all()?.to_vec1()
}
