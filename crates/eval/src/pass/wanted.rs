//! What is counted besides confusion matrices.

use scribe_dataset::ImageId;
use scribe_records::{Condition, Mode};

/// The conditions and modes of which logit moments are summed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MomentsWanted {
    /// The conditions.
    pub conditions: Vec<Condition>,
    /// The modes, whose scores must be logits.
    pub modes: Vec<Mode>,
}

/// How calibration is counted, under every condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalibrationWanted {
    /// Equal bins of confidence, at least 1.
    pub bins: usize,
    /// The modes.
    pub modes: Vec<Mode>,
}

/// Under which conditions one image is kept as an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelWanted {
    /// The image; one that the pass does not have is ignored.
    pub image_id: ImageId,
    /// The conditions.
    pub conditions: Vec<Condition>,
}
