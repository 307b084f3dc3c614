//! What an evaluation commits to the store in one step: all results of one image under one condition.

use crate::{
    Calibration, Condition, CrossMoments, LogitMoments, NonDistinctiveness, Probability, Series,
    SparseConfusion, TemperatureSweeps,
};

/// The image that the models saw.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Input {
    /// The image's id in its split.
    pub image_id: String,
    /// What was done to it.
    pub condition: Condition,
    /// The seed given to the corruption (numpy's legacy generator); 0 for clean.
    pub seed: u32,
    /// SHA-256 of the corrupted pixels (RGB, row by row), in lower-case hexadecimal; empty where they were not given.
    pub sha256: String,
}

impl Input {
    /// Whether another model's input for the same image and condition may be this one: nothing that is known of both differs.
    pub(crate) fn may_be(&self, other: &Input) -> bool {
        let hashes = [&self.sha256, &other.sha256];
        self.seed == other.seed && (hashes[0] == hashes[1] || hashes.iter().any(|hash| hash.is_empty()))
    }
}

/// All results of one image under one condition; the store takes it whole or not at all.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// What the models saw.
    pub input: Input,
    /// SHA-256 of the image's own label map, in a store whose labels come as maps and not as files: of a line `width height`, and
    /// of one byte for each pixel, row by row (class indices, 255 = void). In lower-case hexadecimal.
    pub label_sha256: Option<String>,
    /// SHA-256 of the label map that was scored (class indices, row by row), in lower-case hexadecimal, where it is not the
    /// image's own: it was moved with the image, or belongs to an image that no corruption made.
    pub moved_label_sha256: Option<String>,
    /// The confusion of each series.
    pub confusions: Vec<(Series, SparseConfusion)>,
    /// The logit moments of some series, each of which must also be in `confusions`.
    pub moments: Vec<(Series, LogitMoments)>,
    /// The products of clean and corrupted logits of some series, under the same rule.
    pub cross_moments: Vec<(Series, CrossMoments)>,
    /// The calibration of some series, under the same rule; a series may have one for each kind of probability.
    pub calibrations: Vec<(Series, Probability, Calibration)>,
    /// The calibration of some series over temperatures, under the same rule.
    pub sweeps: Vec<(Series, TemperatureSweeps)>,
    /// The sums for END of some series, under the same rule.
    pub non_distinctiveness: Vec<(Series, NonDistinctiveness)>,
    /// The images themselves, if this image under this condition is kept as an example.
    pub panel: Option<PanelPictures>,
}

impl Unit {
    /// A unit without results.
    #[must_use]
    pub fn new(input: Input) -> Unit {
        Unit {
            input,
            label_sha256: None,
            moved_label_sha256: None,
            confusions: Vec::new(),
            moments: Vec::new(),
            cross_moments: Vec::new(),
            calibrations: Vec::new(),
            sweeps: Vec::new(),
            non_distinctiveness: Vec::new(),
            panel: None,
        }
    }

    /// The series of everything but the confusion matrices, each with what it is called in messages.
    pub(crate) fn beside_confusions(&self) -> impl Iterator<Item = (&Series, &'static str)> {
        let moments = self.moments.iter().map(|(s, _)| (s, "moments"));
        let cross = self.cross_moments.iter().map(|(s, _)| (s, "cross moments"));
        let calibrations = self.calibrations.iter().map(|(s, p, _)| (s, p.as_str()));
        let sweeps = self.sweeps.iter().map(|(s, _)| (s, "temperature sweeps"));
        let end = self.non_distinctiveness.iter().map(|(s, _)| (s, "non-distinctiveness"));
        let pictured = self.panel.iter().flat_map(|p| &p.predictions).map(|(s, _)| (s, "a picture"));
        moments.chain(cross).chain(calibrations).chain(sweeps).chain(end).chain(pictured)
    }
}

/// The images of an example panel, each as the bytes of a PNG file.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct PanelPictures {
    /// The corrupted image, RGB.
    pub picture: Vec<u8>,
    /// The label map: 8-bit grey, class ids, 255 = void.
    pub label: Vec<u8>,
    /// Each series' prediction: 8-bit grey, class ids.
    pub predictions: Vec<(Series, Vec<u8>)>,
}
