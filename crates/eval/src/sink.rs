//! What a metric implements: it sees one prediction and adds what it keeps to the unit.

use crate::Result;
use image::RgbImage;
use scribe_model::ScoreSpace;
use scribe_records::{Key, Unit};

/// One model's prediction of one picture, borrowed for the moment.
#[derive(Clone, Copy)]
pub struct Observation<'a> {
    /// The picture that the model saw.
    pub image: &'a RgbImage,
    /// The true classes, row by row; 255 is void.
    pub truth: &'a [u8],
    /// The predicted classes, row by row.
    pub pred: &'a [u8],
    /// The number of classes.
    pub classes: usize,
    /// One plane of scores for each class at the picture's size, if some sink wanted them for this key.
    pub scores: Option<&'a [f32]>,
    /// What the scores are: logits, or averaged probabilities.
    pub space: ScoreSpace,
    /// The space whose probabilities the model's objective trains.
    pub own_space: ScoreSpace,
    /// Sums of the logits by predicted class, as [`scribe_records::LogitMoments::from_sums`] takes them, where some sink
    /// wanted them for this key and the predictor gives them itself.
    pub moments: Option<&'a [f64]>,
    /// The scores of the same picture when clean, if some sink wanted them for this key.
    pub clean: Option<&'a [f32]>,
}

/// Takes from a prediction what one kind of record keeps.
pub trait Sink: Sync {
    /// Whether [`Observation::scores`] must be there for this key; fetching them costs time.
    fn wants_scores(&self, _key: &Key) -> bool {
        false
    }

    /// Whether [`Observation::moments`] must be there for this key, or [`Observation::scores`] to make them of.
    fn wants_moments(&self, _key: &Key) -> bool {
        false
    }

    /// Whether [`Observation::clean`] must be there for this key; the clean picture is then predicted once more where a
    /// run goes on in the middle of a picture.
    fn wants_clean(&self, _key: &Key) -> bool {
        false
    }

    /// Adds what it keeps to the unit.
    ///
    /// # Errors
    /// When the prediction cannot be counted; nothing of the unit is then written.
    fn observe(&self, key: &Key, seen: &Observation<'_>, unit: &mut Unit) -> Result<()>;
}
