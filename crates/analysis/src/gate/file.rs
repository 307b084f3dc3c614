//! Thresholds in a TOML file.

use super::kind::Kind;
use super::threshold::Threshold;
use crate::error::{Error, Result};
use scribe_base::excerpt;
use serde::Deserialize;

/// The content of a file of thresholds. Every key may be left out; the mode, the reference, the number of resamples,
/// the length of sequences and whether values alone are judged are no keys, but options of the command line ([`super::GateSettings`]):
///
/// ```text
/// against = "runs/last-release"       # a path, relative to the file
/// against-model = "softmax"
/// alpha = 0.025                       # of every one-sided test
/// min = ["rPC>=60", "iou/person:weather>=40"]
/// max = ["ece:corrupted<=0.15"]
/// max-drop = ["fog:3<=20"]
/// max-loss = ["mPC<=1"]
/// min-gain = ["worst_corruption>=0.5"]
/// equivalent = ["mIoU:clean<=1"]
/// ```
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct GateFile {
    /// The folder of the baseline run.
    pub against: Option<String>,
    /// Id or name of the baseline's model.
    pub against_model: Option<String>,
    /// The level of each one-sided test.
    pub alpha: Option<f64>,
    min: Vec<String>,
    max: Vec<String>,
    max_drop: Vec<String>,
    max_loss: Vec<String>,
    min_gain: Vec<String>,
    equivalent: Vec<String>,
}

impl GateFile {
    /// Reads a file's text; `name` is the file's in messages.
    ///
    /// # Errors
    /// [`Error::Thresholds`]: it is not TOML, or has a key that is none of those above.
    pub fn parse(text: &str, name: &str) -> Result<GateFile> {
        toml::from_str(text).map_err(|error| Error::Thresholds {
            file: name.to_owned(),
            reason: excerpt::of_lines(error.to_string().trim_end()).into_owned(),
        })
    }

    /// The thresholds, the kinds in the order of [`Kind::ALL`].
    ///
    /// # Errors
    /// [`Error::Threshold`] for one that cannot be read.
    pub fn thresholds(&self) -> Result<Vec<Threshold>> {
        let of = |kind| match kind {
            Kind::Min => &self.min,
            Kind::Max => &self.max,
            Kind::MaxDrop => &self.max_drop,
            Kind::MaxLoss => &self.max_loss,
            Kind::MinGain => &self.min_gain,
            Kind::Equivalent => &self.equivalent,
        };
        let all = Kind::ALL.into_iter().flat_map(|kind| of(kind).iter().map(move |text| (kind, text)));
        all.map(|(kind, text)| Threshold::parse(kind, text)).collect()
    }
}
