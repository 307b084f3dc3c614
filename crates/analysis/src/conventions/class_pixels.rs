//! The pixels of one class, of which every convention is made.

/// Pixels of one class in one image or in many; void is left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ClassPixels {
    /// Pixels of the class that were predicted as it.
    pub(super) hits: u64,
    /// Pixels whose true class it is.
    pub(super) labelled: u64,
    /// Pixels that were predicted as it.
    pub(super) predicted: u64,
}

impl ClassPixels {
    /// The sum of these and `weight` times the others.
    pub(super) fn plus(self, weight: u64, other: ClassPixels) -> ClassPixels {
        ClassPixels {
            hits: self.hits + weight * other.hits,
            labelled: self.labelled + weight * other.labelled,
            predicted: self.predicted + weight * other.predicted,
        }
    }

    /// Intersection over union; `None` for a class that is neither labelled nor predicted.
    pub(super) fn iou(self) -> Option<f64> {
        share(self.hits, self.labelled + self.predicted - self.hits)
    }

    /// Dice score, which is F1; `None` as [`ClassPixels::iou`].
    pub(super) fn dice(self) -> Option<f64> {
        share(2 * self.hits, self.labelled + self.predicted)
    }

    /// The share of its labelled pixels that are right; `None` for a class that is not labelled.
    pub(super) fn recall(self) -> Option<f64> {
        share(self.hits, self.labelled)
    }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}
