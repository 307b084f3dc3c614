//! Training or inference, as an argument of every layer.

use crate::share::Share;
use candle_core::{Tensor, Var};
use rand_chacha::ChaCha8Rng;

/// How a layer is run.
pub(crate) enum Phase<'a> {
    /// Batch statistics, dropout drawn from the generator, gradients recorded.
    Train(&'a mut ChaCha8Rng, &'a Share),
    /// Running statistics, no dropout, nothing recorded.
    Eval,
}

impl Phase<'_> {
    /// The variable's tensor: recorded for the backward pass in training, detached otherwise.
    pub(crate) fn tensor(&self, var: &Var) -> Tensor {
        match self {
            Phase::Train(..) => var.as_tensor().clone(),
            Phase::Eval => var.as_detached_tensor(),
        }
    }

    /// The share of the batch that is trained on.
    pub(crate) fn share(&self) -> Option<&Share> {
        match self {
            Phase::Train(_, share) => Some(share),
            Phase::Eval => None,
        }
    }
}
