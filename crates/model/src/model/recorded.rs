//! The loss of a model with the record of how it was made.

use super::Model;
use crate::local_batch::LocalBatch;
use crate::nn::{Generator, Phase};
use crate::tape::Tape;
use crate::{Result, input};
use candle_core::backprop::GradStore;
use candle_core::{DType, Tensor};
use rand_chacha::ChaCha8Rng;

/// The loss of a batch, and the way back to the gradients of the parameters.
///
/// It gives what `Model::loss(..)?.backward()` gives, in less time and memory, as [`crate::Recorded`] does.
pub struct RecordedLoss {
    value: f64,
    tape: Tape,
    /// The network's outputs, and the gradient of the loss in them.
    outputs: Tensor,
    slope: Tensor,
}

impl std::fmt::Debug for RecordedLoss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordedLoss").field("value", &self.value).finish_non_exhaustive()
    }
}

impl RecordedLoss {
    /// The loss, which may be infinite or NaN.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The gradients of `weight` times the loss, by the variables of [`Model::parameters`].
    ///
    /// # Errors
    /// When memory is full, and where batch norm takes its statistics over several processes, when another one is gone.
    pub fn gradients(self, weight: f64) -> Result<GradStore> {
        let slope = if weight == 1. { self.slope } else { (self.slope * weight)? };
        Ok(self.tape.undo(&self.outputs, slope)?.into_store()?)
    }
}

impl Model {
    /// The loss of [`Model::loss_of_local_batch`], recorded for its gradients.
    ///
    /// # Errors
    /// As [`Model::loss_of_local_batch`].
    pub fn record_loss(
        &self,
        x: &Tensor,
        labels: &Tensor,
        rng: &mut ChaCha8Rng,
        local: &LocalBatch,
    ) -> Result<RecordedLoss> {
        let mut tape = Tape::default();
        let x = self.images(x)?.detach();
        input::check_labels(labels, &x)?;
        let math = self.precision.math();
        let phase = &mut Phase::Train { rng: Generator::Own(rng), local, tape: &mut tape, math };
        let outputs = self.network.forward(&x, phase)?;
        let (value, slope) = self.objective.loss_and_gradient(&outputs, labels)?;
        let value = value.to_dtype(DType::F64)?.to_scalar::<f64>()?;
        Ok(RecordedLoss { value, tape, outputs, slope })
    }
}
