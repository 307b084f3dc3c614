//! What a metric implements: it is given one observation and adds what it counts to the unit.

use crate::{Prediction, Result};
use image::RgbImage;
use scribe_model::ScoreSpace;
use scribe_records::{Key, Unit};

/// A prediction with what it is compared with.
#[derive(Clone, Copy)]
pub(crate) struct Observation<'a> {
    /// The image that the predictor saw.
    pub image: &'a RgbImage,
    /// The label map, moved with the image where the condition says so: the true class of each pixel, row by row; 255 is void.
    pub label: &'a [u8],
    /// The prediction. It has scores if some sink needs them for this key and the predictor gives them; the same holds for
    /// the moments.
    pub prediction: &'a Prediction,
    /// The prediction for the clean image, with scores, if some sink needs it for this key.
    pub clean: Option<&'a Prediction>,
    /// The number of classes.
    pub class_count: usize,
    /// Whether predictions may be 255, for classes that are not scored.
    pub may_ignore: bool,
    /// The kind of probabilities that the predictor's training aims at.
    pub own_space: ScoreSpace,
}

/// Turns observations into one kind of count.
pub(crate) trait Sink: Sync {
    /// Whether [`Prediction::scores`] must be there for this key; fetching them costs time.
    fn wants_scores(&self, _key: &Key) -> bool {
        false
    }

    /// Whether [`Prediction::moments`] must be there for this key, or [`Prediction::scores`] to make them from.
    fn wants_moments(&self, _key: &Key) -> bool {
        false
    }

    /// Whether [`Observation::clean`] must be there for this key. The clean image is then predicted once more if an
    /// evaluation resumes in the middle of an image.
    fn wants_clean(&self, _key: &Key) -> bool {
        false
    }

    /// Adds what it counts to the unit.
    ///
    /// # Errors
    /// The prediction cannot be counted; nothing of the unit is then written.
    fn observe(&self, key: &Key, seen: &Observation<'_>, unit: &mut Unit) -> Result<()>;
}
