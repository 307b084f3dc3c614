//! Training or evaluation, as an argument of every layer.

use crate::local_batch::LocalBatch;
use candle_core::{Tensor, Var};
use rand_chacha::ChaCha8Rng;

/// How a layer is run.
pub(crate) enum Phase<'a> {
    /// With the batch's statistics, with dropout drawn from the generator, and recorded for the backward pass.
    Train(&'a mut ChaCha8Rng, &'a LocalBatch),
    /// With running statistics, without dropout, and with nothing recorded.
    Eval,
}

impl Phase<'_> {
    /// The variable's tensor: recorded for the backward pass in training, detached in evaluation.
    pub(crate) fn tensor(&self, var: &Var) -> Tensor {
        match self {
            Phase::Train(..) => var.as_tensor().clone(),
            Phase::Eval => var.as_detached_tensor(),
        }
    }

    /// The place of the images in the global batch, in training.
    pub(crate) fn local_batch(&self) -> Option<&LocalBatch> {
        match self {
            Phase::Train(_, local) => Some(local),
            Phase::Eval => None,
        }
    }
}
