//! A prediction that a GPU may still compute.

use super::prediction::{Outputs, Prediction};
use crate::ops::{AllFinite, Arriving, QueuedClasses, ScoreSpace, classes};
use crate::{Error, Result};

/// A prediction that was asked for. A CPU has made it; a GPU's work is queued up to the copies of its results, so that the next
/// batch can be queued before this one is waited for.
///
/// [`crate::PreparedModel::queue`] makes one.
#[derive(Debug)]
pub struct QueuedPrediction {
    classes: QueuedClasses,
    /// Zeros where all outputs are finite.
    not_finite: Arriving,
    space: ScoreSpace,
    outputs: Outputs,
}

impl QueuedPrediction {
    /// Queues classes, and moments of logits where they are wanted.
    pub(super) fn new(
        outputs: Outputs,
        space: ScoreSpace,
        all_finite: &AllFinite,
        moments: bool,
    ) -> Result<QueuedPrediction> {
        let Outputs { v, readout, size } = &outputs;
        let classes = classes(v, *size, *readout, moments && space == ScoreSpace::Logit)?;
        Ok(QueuedPrediction { classes, not_finite: all_finite.answer()?, space, outputs })
    }

    /// The prediction, once it is there. The thread sleeps until then.
    ///
    /// # Errors
    /// [`Error::NotFinite`] where the network's outputs hold a NaN or an infinity: of a NaN the class with the largest logit
    /// is undefined, and a map of one class would pass for a result. [`Error::Tensor`] where the device fails.
    pub fn wait(self) -> Result<Prediction> {
        let QueuedPrediction { classes, not_finite, space, outputs } = self;
        let (classes, moments) = classes.wait()?;
        if not_finite.wait()?.iter().any(|byte| *byte != 0) {
            return Err(Error::NotFinite);
        }
        Ok(Prediction { classes, moments, space, outputs })
    }
}
