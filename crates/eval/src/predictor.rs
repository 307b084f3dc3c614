//! Who predicts: a network, or anything else that can say a class for each pixel.

use candle_core::DType;
use image::RgbImage;
use scribe_model::{Inference, Model, Prediction, ScoreSpace, input};
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

/// What is asked about one picture beside its classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wants {
    /// [`View::scores`].
    pub scores: bool,
    /// [`View::moments`], or [`View::scores`] from a predictor that has no quicker way to them.
    pub moments: bool,
}

impl Wants {
    /// Whether a predictor that only gives scores must give them.
    pub fn any(self) -> bool {
        self.scores || self.moments
    }
}

/// What is said about one picture.
pub struct View {
    /// The class of each pixel, row by row.
    pub classes: Vec<u8>,
    /// One plane of scores for each class at the picture's size, where they were wanted and exist.
    pub scores: Option<Vec<f32>>,
    /// Sums of the logits by predicted class, as [`scribe_records::LogitMoments::from_sums`] takes them, where they were
    /// wanted and the predictor has them without the scores: on a GPU.
    pub moments: Option<Vec<f64>>,
    /// What the scores are.
    pub space: ScoreSpace,
}

/// Something that predicts pictures. The view of a picture must not depend on the others of its batch.
pub trait Predictor: Sync {
    /// The number of classes.
    fn classes(&self) -> usize;

    /// The space whose probabilities the objective trains.
    fn own_space(&self) -> ScoreSpace;

    /// Predicts pictures of one size; `wants` says of each, by its place, what is wanted of it.
    ///
    /// # Errors
    /// Whatever keeps it from predicting; it names the picture where that is not clear.
    fn view(
        &self,
        pictures: &[Picture<'_>],
        how: &Inference,
        wants: &dyn Fn(usize) -> Wants,
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
        wants: &dyn Fn(usize) -> Wants,
    ) -> Result<Vec<View>, PredictorError> {
        let Some(first) = pictures.first() else { return Ok(Vec::new()) };
        let (width, height) = first.pixels.dimensions();
        let (width, height) = (width as usize, height as usize);
        let pixels: Vec<&[u8]> = pictures.iter().map(|p| p.pixels.as_raw().as_slice()).collect();
        let x = input::from_rgb(&pixels, height, width, self.parameters().device())?;
        let prediction = self.predict(&x, how)?;
        let area = width * height;
        let one = |n: usize| {
            let wants = wants(n);
            let moments = if wants.moments { prediction.moments(n)? } else { None };
            let planes_needed = wants.scores || wants.moments && moments.is_none();
            let scores = planes_needed.then(|| planes(&prediction, n)).transpose()?;
            let classes = prediction.classes[n * area..][..area].to_vec();
            Ok(View { classes, scores, moments, space: prediction.space })
        };
        (0..pictures.len()).map(one).collect()
    }
}

/// The score planes of one picture of a batch, on the host.
fn planes(prediction: &Prediction, n: usize) -> Result<Vec<f32>, PredictorError> {
    Ok(prediction.logits()?.get(n)?.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?)
}
